// Messages to a service manager: what arrives, and a manager that does not read.
#include "app/process/systemd.h"

#include <gtest/gtest.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <chrono>
#include <cstring>
#include <future>
#include <string>

#include "io/disk/temporary_folder_test.h"

namespace tidemark {
namespace {

// The service manager's end: a socket in a folder of its own, named in the environment.
class Systemd : public testing::Test {
 protected:
  Systemd() {
    const std::string path = (own_.path() / "notify").string();
    sockaddr_un address{.sun_family = AF_UNIX, .sun_path = {}};
    std::strncpy(address.sun_path, path.c_str(), sizeof address.sun_path - 1);
    EXPECT_EQ(::bind(manager_, reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
    ::setenv("NOTIFY_SOCKET", path.c_str(), 1);
  }
  ~Systemd() override {
    ::unsetenv("NOTIFY_SOCKET");
    close();
  }

  std::string next() const {
    char bytes[100];
    const ssize_t size = ::recv(manager_, bytes, sizeof bytes, MSG_DONTWAIT);
    return size < 0 ? "nothing" : std::string(bytes, static_cast<std::size_t>(size));
  }
  void close() {
    if (manager_ >= 0) ::close(manager_);
    manager_ = -1;
  }

 private:
  const TemporaryFolder own_;
  int manager_ = ::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
};

TEST_F(Systemd, HearsOneMessageForEachCall) {
  tell_systemd("READY=1");
  tell_systemd("WATCHDOG=1");
  EXPECT_EQ(next(), "READY=1");
  EXPECT_EQ(next(), "WATCHDOG=1");
  EXPECT_EQ(next(), "nothing");
}

TEST_F(Systemd, IsNotWaitedForWhenItDoesNotRead) {
  auto told = std::async(std::launch::async, [] {
    for (int i = 0; i < 5'000; ++i) tell_systemd("WATCHDOG=1");  // far more than a socket holds
  });
  const bool is_told = told.wait_for(std::chrono::minutes(1)) == std::future_status::ready;
  EXPECT_TRUE(is_told) << "the call waits for a reader";
  if (!is_told) close();  // ends the wait
  told.wait();
  EXPECT_EQ(next(), is_told ? "WATCHDOG=1" : "nothing");
}

TEST_F(Systemd, MayHaveGone) {
  close();
  tell_systemd("STOPPING=1");
}

}  // namespace
}  // namespace tidemark
