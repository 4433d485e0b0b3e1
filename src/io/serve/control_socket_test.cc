// The control socket: which rules apply to it, where its file is, and what a verb gets from the running instance.
#include "io/serve/control_socket.h"

#include <sys/stat.h>

#include <filesystem>
#include <thread>

#include "io/disk/directory_lock.h"
#include "io/serve/running.h"
#include "io/serve/server_fixture_test.h"

namespace tidemark {
namespace {

namespace fs = std::filesystem;
using std::chrono::milliseconds;

std::unique_ptr<Ticket> say_body(const Request& request, const Reply& reply) {
  Response response;
  response.body = request.body;
  std::thread([reply, response] { reply(response); }).join();  // a response may come from another thread
  return nullptr;
}

class ControlSocketTest : public ServerTest {
 protected:
  void TearDown() override {
    server_.reset();
    fs::remove_all(folder_);
  }

  // As an instance does it: first the lock, then the server.
  void run(ServerOptions options = {}) {
    lock_.emplace(std::move(*DirectoryLock::acquire(directory())));
    options.control_directory = directory();
    open(options, {{.path = "/api/v1/echo", .act = say_body, .show = [](const Request&) {
                      return Response{.body = R"({"shown":true})"};
                    }}});
  }
  std::string directory() const { return folder_.string(); }
  fs::path socket() const { return folder_ / control_socket_name; }

  Result<std::optional<Response>> ask(std::string method, std::string path, std::string body = "") {
    return ask_running(
        {.data = folder_, .method = std::move(method), .path = std::move(path), .body = std::move(body)});
  }
  unsigned status_of(std::string method, std::string path, std::string body = "") {
    const auto answer = ask(std::move(method), std::move(path), std::move(body));
    return answer && *answer ? (*answer)->status : 0;
  }
  HttpAnswer post_by_port(std::string_view headers = "") {
    return ServerTest::ask("POST /api/v1/echo HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n" +
                           std::string(headers) + "Content-Length: 2\r\n\r\n{}");
  }

  fs::path folder_ = fs::temp_directory_path() / ("tidemark-control-" + std::to_string(::getpid()));
  std::optional<DirectoryLock> lock_;
};

TEST_F(ControlSocketTest, TheOwnerNeedsNoTokenAndMayChangeThings) {
  run({.tokens = single_token("0123456789abcdef")});
  const auto status = ask("GET", "/api/v1/status");
  ASSERT_TRUE(status && *status) << (status ? "nobody" : status.error().message());
  EXPECT_EQ((*status)->status, 200u);
  EXPECT_TRUE((*status)->body.starts_with(R"({"version":)")) << (*status)->body;
  const auto echo = ask("POST", "/api/v1/echo", R"({"a":1})");
  ASSERT_TRUE(echo && *echo);
  EXPECT_EQ((*echo)->status, 200u);
  EXPECT_EQ((*echo)->body, R"({"a":1})");
  EXPECT_EQ((*ask("GET", "/api/v1/echo"))->body, R"({"shown":true})");
  EXPECT_EQ(status_of("GET", "/nothing"), 404u);
  EXPECT_EQ(status_of("DELETE", "/api/v1/echo"), 405u);
}

struct ChangeCase {
  const char* when;
  ServerOptions options;
  const char* headers;
  int status;
};

TEST_F(ControlSocketTest, ByThePortThingsAreChangedOnlyWhereThatIsAllowed) {
  const char* const bearer = "Authorization: Bearer 0123456789abcdef\r\n";
  const ChangeCase cases[] = {
      {"not said", {}, "", 403},
      {"on this machine", {.allow_changes = Allow::Loopback}, "", 200},
      {"but no page of another origin", {.allow_changes = Allow::Loopback}, "Origin: https://evil.example\r\n", 403},
      {"behind a proxy", {.allowed_hosts = {"desk.example"}, .allow_changes = Allow::Loopback}, "", 403},
      {"for whoever has the token",
       {.tokens = single_token("0123456789abcdef"), .allow_changes = Allow::Always},
       bearer,
       200},
      {"and only for him", {.tokens = single_token("0123456789abcdef"), .allow_changes = Allow::Always}, "", 401},
  };
  for (const ChangeCase& c : cases) {
    SCOPED_TRACE(c.when);
    run(c.options);
    EXPECT_EQ(post_by_port(c.headers).status, c.status);
    server_.reset();
    lock_.reset();
  }
}

TEST_F(ControlSocketTest, IsThereForItsOwnerAloneWhileTheServerIs) {
  run();
  struct stat status{};
  ASSERT_EQ(::stat(socket().c_str(), &status), 0);
  EXPECT_TRUE(S_ISSOCK(status.st_mode));
  EXPECT_EQ(status.st_mode & 0777, 0600u);
  server_->stop();
  EXPECT_FALSE(fs::exists(socket()));
}

TEST_F(ControlSocketTest, TakesThePlaceOfOneThatAKilledInstanceLeftBehind) {
  fs::create_directories(folder_);
  auto left = ControlSocket::listen(directory());
  ASSERT_TRUE(left);
  run();  // replaces the other's file, which is no longer in use
  EXPECT_EQ(status_of("GET", "/healthz"), 200u);
}

TEST_F(ControlSocketTest, LiesInADirectoryWhosePathIsTooLongForAnAddress) {
  folder_ /= std::string(100, 'x');
  folder_ /= std::string(100, 'y');
  run();
  EXPECT_EQ(status_of("GET", "/healthz"), 200u);
  EXPECT_TRUE(fs::is_socket(socket()));
  server_.reset();
  EXPECT_FALSE(fs::exists(socket()));
  folder_ = folder_.parent_path().parent_path();
}

TEST_F(ControlSocketTest, NobodyIsNoErrorAndWhoDoesNotAnswerIsOne) {
  const auto nobody = ask("GET", "/healthz");
  ASSERT_TRUE(nobody);
  EXPECT_FALSE(*nobody) << "no directory";
  run();
  server_.reset();
  const auto silent = ask("GET", "/healthz");
  ASSERT_FALSE(silent) << "the lock is held, and nobody listens";
  EXPECT_TRUE(silent.error().is_retryable());
  EXPECT_NE(silent.error().message().find("process " + std::to_string(::getpid())), std::string::npos)
      << silent.error().message();

  auto deaf = ControlSocket::listen(directory());
  ASSERT_TRUE(deaf);
  const auto late = ask_running({.data = folder_, .path = "/healthz", .timeout = milliseconds(20)});
  ASSERT_FALSE(late) << "it listens, and answers nothing";
  EXPECT_NE(late.error().message().find("in time"), std::string::npos) << late.error().message();

  lock_.reset();
  const auto gone = ask("GET", "/healthz");
  ASSERT_TRUE(gone);
  EXPECT_FALSE(*gone) << "the lock is free";
}

TEST_F(ControlSocketTest, ARefusalHasItsSentence) {
  run();
  const auto refused = ask("GET", "/api/v1/trends?limit=0");
  ASSERT_TRUE(refused && *refused);
  EXPECT_EQ((*refused)->status, 400u);
  EXPECT_EQ(refusal_in(**refused), "a whole number from 1 to 10000");
  EXPECT_EQ(refusal_in({.status = 503, .body = "no JSON"}), "it answers 503 Service Unavailable");
}

TEST_F(ControlSocketTest, TheOwnerConnectsAboveTheLimit) {
  run({.max_clients = 1});
  Watcher watcher(server_->port());
  watcher.next("snapshot");
  EXPECT_EQ(get("/healthz").status, 503);
  EXPECT_EQ(status_of("GET", "/healthz"), 200u);
}

}  // namespace
}  // namespace tidemark
