// C11 threads on top of POSIX threads, for programs under the thread sanitizer: it knows pthread_create and
// pthread_mutex_lock, but not thrd_create and mtx_lock, which Debian's librdkafka uses. An unknown thread crashes in
// our first callback.
//
// glibc's types have the same layout (mtx_t is a pthread_mutex_t, cnd_t a pthread_cond_t), so objects made by its own
// functions work as well.
#include <pthread.h>
#include <threads.h>

#include <cerrno>
#include <cstdint>

namespace {

struct Start {
  thrd_start_t function;
  void* argument;
};

void* run(void* given) {
  const Start start = *static_cast<Start*>(given);
  delete static_cast<Start*>(given);
  return reinterpret_cast<void*>(static_cast<std::intptr_t>(start.function(start.argument)));
}

int said(int error) {
  switch (error) {
    case 0:
      return thrd_success;
    case EBUSY:
      return thrd_busy;
    case ETIMEDOUT:
      return thrd_timedout;
    case ENOMEM:
      return thrd_nomem;
    default:
      return thrd_error;
  }
}

pthread_mutex_t* mutex(mtx_t* given) { return reinterpret_cast<pthread_mutex_t*>(given); }
pthread_cond_t* condition(cnd_t* given) { return reinterpret_cast<pthread_cond_t*>(given); }

}  // namespace

extern "C" {

int thrd_create(thrd_t* thread, thrd_start_t function, void* argument) {
  auto* start = new Start{function, argument};
  const int error = pthread_create(thread, nullptr, run, start);
  if (error != 0) delete start;
  return said(error);
}

int thrd_join(thrd_t thread, int* result) {
  void* returned = nullptr;
  const int error = pthread_join(thread, &returned);
  if (result != nullptr) *result = static_cast<int>(reinterpret_cast<std::intptr_t>(returned));
  return said(error);
}

int thrd_detach(thrd_t thread) { return said(pthread_detach(thread)); }

int mtx_init(mtx_t* given, int type) {
  pthread_mutexattr_t kind;
  pthread_mutexattr_init(&kind);
  if ((type & mtx_recursive) != 0) pthread_mutexattr_settype(&kind, PTHREAD_MUTEX_RECURSIVE);
  const int error = pthread_mutex_init(mutex(given), &kind);
  pthread_mutexattr_destroy(&kind);
  return said(error);
}

void mtx_destroy(mtx_t* given) { pthread_mutex_destroy(mutex(given)); }
int mtx_lock(mtx_t* given) { return said(pthread_mutex_lock(mutex(given))); }
int mtx_trylock(mtx_t* given) { return said(pthread_mutex_trylock(mutex(given))); }
int mtx_unlock(mtx_t* given) { return said(pthread_mutex_unlock(mutex(given))); }
int mtx_timedlock(mtx_t* given, const timespec* until) { return said(pthread_mutex_timedlock(mutex(given), until)); }

int cnd_init(cnd_t* given) { return said(pthread_cond_init(condition(given), nullptr)); }
void cnd_destroy(cnd_t* given) { pthread_cond_destroy(condition(given)); }
int cnd_signal(cnd_t* given) { return said(pthread_cond_signal(condition(given))); }
int cnd_broadcast(cnd_t* given) { return said(pthread_cond_broadcast(condition(given))); }
int cnd_wait(cnd_t* given, mtx_t* with) { return said(pthread_cond_wait(condition(given), mutex(with))); }
int cnd_timedwait(cnd_t* given, mtx_t* with, const timespec* until) {
  return said(pthread_cond_timedwait(condition(given), mutex(with), until));
}
}
