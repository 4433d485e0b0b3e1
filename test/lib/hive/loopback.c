// A library to be preloaded: who asks to listen on all addresses listens on loopback. The metastore has no setting for it.
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <dlfcn.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>

typedef int (*Bind)(int, const struct sockaddr *, socklen_t);

int bind(int descriptor, const struct sockaddr *address, socklen_t length) {
  const Bind next = (Bind)dlsym(RTLD_NEXT, "bind");
  if (address != NULL && address->sa_family == AF_INET && length >= sizeof(struct sockaddr_in)) {
    struct sockaddr_in four;
    memcpy(&four, address, sizeof four);
    if (four.sin_addr.s_addr == htonl(INADDR_ANY)) four.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return next(descriptor, (const struct sockaddr *)&four, sizeof four);
  }
  if (address != NULL && address->sa_family == AF_INET6 && length >= sizeof(struct sockaddr_in6)) {
    struct sockaddr_in6 six;
    memcpy(&six, address, sizeof six);
    // Clients say 127.0.0.1, which a socket of IPv6 knows by this name.
    if (IN6_IS_ADDR_UNSPECIFIED(&six.sin6_addr)) inet_pton(AF_INET6, "::ffff:127.0.0.1", &six.sin6_addr);
    return next(descriptor, (const struct sockaddr *)&six, sizeof six);
  }
  return next(descriptor, address, length);
}
