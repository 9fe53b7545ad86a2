// SPDX-License-Identifier: Apache-2.0
#include "core/run/hub.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <thread>

#include "core/run/endpoint.h"
#include "core/run/engine_client.h"
#include "core/run/protocol.h"
#include "tests/support/heard.h"
#include "tests/support/message_of.h"
#include "tests/support/temp_folder.h"

namespace netwright::run {
namespace {

using test::Heard;
using ::testing::HasSubstr;

// A client of bytes: what it sends need not be right.
class RawClient {
 public:
  explicit RawClient(const std::filesystem::path& socket) : fd_(connectTo(socket)) {}
  ~RawClient() { ::close(fd_); }
  void send(const std::string& bytes) {
    EXPECT_EQ(::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL), ssize_t(bytes.size()));
  }
  void sendHalf(const std::string& bytes) { send(bytes.substr(0, bytes.size() / 2)); }
  // All events up to the end of the connection or until one fits.
  std::vector<Event> events(const std::function<bool(const Event&)>& last = [](const Event&) { return false; }) {
    std::vector<Event> all;
    char chunk[1 << 16];
    for (;;) {
      while (auto frame = frames_.next()) {
        all.push_back(decodeEvent(*frame));
        if (last(all.back())) return all;
      }
      const ssize_t n = ::recv(fd_, chunk, sizeof chunk, 0);
      if (n <= 0) return all;
      frames_.append({chunk, size_t(n)});
    }
  }
  Reply refusal() {  // the connection ends after it
    const auto all = events();
    return std::get<Reply>(all.back().body);
  }

 private:
  int fd_;
  FrameReader frames_;
};

// A hub without an engine: commands are only kept.
class HubTest : public ::testing::Test {
 protected:
  void SetUp() override {
    ASSERT_EQ(::pipe2(in_, O_CLOEXEC), 0);
    ASSERT_EQ(::pipe2(out_, O_CLOEXEC), 0);
    hub = std::make_unique<Hub>(Hello{kProtocolVersion, ::getpid(), "none", "fake 1"},
                                Hub::Listener{[this](ClientId client, Command c) {
                                                Reply reply;
                                                reply.id = c.id;
                                                reply.texts["kind"] = std::to_string(c.body.index());
                                                hub->reply(client, reply);
                                              },
                                              {}});
    socket = folder / "hub.sock";
    hub->listen(listenAt(socket));
    hub->addStarter(in_[0], out_[1]);
    thread = std::jthread([this] { clean = hub->serve(); });
  }
  void TearDown() override {
    hub->end();
    thread.join();
    for (const int fd : {in_[0], in_[1], out_[0], out_[1]}) ::close(fd);
  }
  std::unique_ptr<EngineClient> client(Heard& heard, const std::string& role = "control") {
    return std::make_unique<EngineClient>(socket, heard.listener(), ClientOptions{role, std::chrono::seconds(60)});
  }
  static Progress progress(int64_t step, size_t points = 1) {
    Progress p{1, step, step, 1, 1, {}};
    for (size_t i = 0; i < points; ++i) p.points.push_back({"loss", "train", step, 0, 0.5});
    return p;
  }

  test::TempFolder folder;
  std::filesystem::path socket;
  int in_[2], out_[2];
  std::unique_ptr<Hub> hub;
  std::jthread thread;
  bool clean = false;
};

TEST_F(HubTest, NamesBothVersionsWhereTheyDiffer) {
  RawClient old(socket);
  old.send(encode(Command{1, Greeting{2, "control", "netwright-cli 0.0", 1}, {}}));
  const Reply reply = old.refusal();
  EXPECT_FALSE(reply.ok);
  EXPECT_EQ(reply.what, "The engine speaks version 5 of the protocol, the program that talks to it version 2.");
  EXPECT_EQ(reply.next, "Use programs of the same version.");
}

TEST_F(HubTest, WantsAHelloFirst) {
  RawClient rude(socket);
  rude.send(encode(Command{7, Stop{}, {}}));
  const Reply reply = rude.refusal();
  EXPECT_EQ(reply.id, 7);
  EXPECT_EQ(reply.what, "A client has to say hello first.");
}

TEST_F(HubTest, OneClientSteersTheOthersObserve) {
  Heard a, b;
  auto first = client(a);
  first->request(Pause{});
  auto second = client(b);
  EXPECT_THAT(test::messageOf([&] { second->request(Pause{}); }),
              ::testing::MatchesRegex("Another program steers this engine: .* \\(process [0-9]+\\).*Take "
                                      "control first\\."));
  second->request(Describe{});  // looking is free
  second->request(WatchNodes{});
  second->request(Predict{});
  first->request(Attach{});
  second->request(TakeControl{});
  const auto lost = a.first<ControlChanged>();
  ASSERT_TRUE(lost);
  EXPECT_FALSE(lost->yours);
  second->request(Pause{});
  EXPECT_THAT(test::messageOf([&] { first->request(Pause{}); }), HasSubstr("Another program steers"));
  second.reset();  // and the next may take over
  ASSERT_TRUE(a.first<ControlChanged>([](const auto& c) { return c.program.empty(); }));
  first->request(Pause{});
}

TEST_F(HubTest, AnObserverHasToTakeControl) {
  Heard heard;
  auto observer = client(heard, "observe");
  EXPECT_THAT(test::messageOf([&] { observer->request(Stop{}); }), HasSubstr("A client that observes cannot steer."));
  observer->request(TakeControl{});
  observer->request(Stop{});
}

TEST_F(HubTest, AttachingTellsWhatIsAndThenWhatComes) {
  hub->begin("/p", true);
  hub->setHistory({{"loss", "train", 10}});
  hub->broadcast(RunStarted{3, "run-3", "cpu", 1, 2, 3, 4, 5, 6, 0});
  hub->broadcast(StateChanged{RunState::Running});
  hub->broadcast(EpochFinished{2, 9, {{"train/loss", 0.5}}});
  ValidationSeen seen;
  seen.epoch = 2;
  seen.classes = {"a"};
  seen.inputs = {{"inputs", HostTensor(DType::Float32, {1, 3})}};
  hub->broadcast(seen);
  hub->broadcast(progress(11, 2));
  Heard heard;
  auto late = client(heard, "observe");
  late->request(Attach{});
  const auto told = heard.first<ValidationSeen>();
  ASSERT_TRUE(told) << "the last of the run, after the snapshot";
  EXPECT_EQ(told->epoch, 2);
  EXPECT_EQ(told->inputs.at(0).tensor.shape, (std::vector<int64_t>{1, 3}));
  const auto s = heard.first<Snapshot>();
  ASSERT_TRUE(s);
  EXPECT_EQ(s->project, "/p");
  EXPECT_EQ(s->run.name, "run-3");
  EXPECT_EQ(s->state, RunState::Running);
  EXPECT_EQ(s->progress.step, 11);
  EXPECT_EQ(s->lastEpoch.epoch, 2);  // of its own, not of the step that is going on
  EXPECT_EQ(s->lastEpoch.values.at("train/loss"), 0.5);
  ASSERT_EQ(s->points.size(), 1u);
  EXPECT_EQ(s->points[0].count, 12);
  EXPECT_TRUE(s->keep);
  EXPECT_GT(s->memory, 0);
  hub->broadcast(progress(12));
  ASSERT_TRUE(heard.first<Progress>());
  int64_t k = 0;
  for (const Event& e : heard.all()) {
    if (std::holds_alternative<Snapshot>(e.body)) k = e.number;
    if (std::holds_alternative<Progress>(e.body)) {
      EXPECT_EQ(e.number, k + 1);
    }
  }
  EXPECT_EQ(k, 5);
}

TEST_F(HubTest, GarbageAndHalfFramesCloseThatClientOnly) {
  Heard good;
  auto other = client(good);
  other->request(Attach{});
  const std::string hello = encode(Command{1, Greeting{}, {}});
  {
    RawClient garbage(socket);
    garbage.send("GET / HTTP/1.1\r\n\r\n");
    EXPECT_THAT(garbage.refusal().what, HasSubstr("which is more than is allowed"));
    RawClient words(socket);
    words.send(hello + std::string("\x05\0\0\0\0\0\0\0", 8) + "hello");
    EXPECT_THAT(words.refusal().what, HasSubstr("malformed"));
    RawClient deep(socket);
    const std::string brackets(100, '[');
    deep.send(hello + std::string("\x64\0\0\0\0\0\0\0", 8) + brackets);
    EXPECT_THAT(deep.refusal().why, HasSubstr("deeper than 32 levels"));
    RawClient half(socket);
    half.send(hello);
    half.sendHalf(encode(Command{2, Pause{}, {}}));
  }  // and leaves
  other->request(Pause{});
  hub->broadcast(StateChanged{RunState::Paused});
  EXPECT_TRUE(good.reaches(RunState::Paused));
}

TEST_F(HubTest, AGreetingIsSmall) {
  RawClient large(socket);
  large.send(std::string("\0\0\x02\0\0\0\0\0", 8));  // 128 KiB of JSON
  EXPECT_THAT(large.refusal().what, HasSubstr("A message claims 131072 + 0 bytes"));
}

TEST_F(HubTest, ASlowClientLosesPointsButNoState) {
  RawClient slow(socket);
  slow.send(encode(Command{1, Greeting{kProtocolVersion, "observe", "slow", 1}, {}}) +
            encode(Command{2, Attach{}, {}}));
  slow.events([](const Event& e) { return std::holds_alternative<Reply>(e.body) && std::get<Reply>(e.body).id == 2; });
  constexpr int64_t kEvents = 400, kPoints = 500;  // some 8 MB
  for (int64_t i = 1; i <= kEvents; ++i) {
    hub->broadcast(progress(i, kPoints));
    if (i % 40 == 0) hub->broadcast(EpochFinished{i / 40, i, {}});
  }
  hub->broadcast(StateChanged{RunState::Finished});
  int64_t told = 0, skipped = 0, epochs = 0, last = 0, step = 0;
  slow.events([&](const Event& e) {
    if (!std::holds_alternative<Reply>(e.body)) {
      EXPECT_GT(e.number, last);
    }
    last = e.number;
    if (const auto* p = std::get_if<Progress>(&e.body)) {
      told += static_cast<int64_t>(p->points.size());
      skipped += p->skipped;
      step = p->step;
    }
    epochs += std::holds_alternative<EpochFinished>(e.body);
    return std::holds_alternative<StateChanged>(e.body);
  });
  EXPECT_EQ(told + skipped, kEvents * kPoints);
  EXPECT_GT(skipped, 0);
  EXPECT_GT(told, 0);
  EXPECT_EQ(epochs, kEvents / 40);
  EXPECT_EQ(step, kEvents);
}

TEST_F(HubTest, TheStarterLeavesByEndingItsInput) {
  Heard heard;
  auto other = client(heard);
  other->request(Describe{});
  EXPECT_TRUE(hub->hasStarter());
  ::close(in_[1]);
  in_[1] = -1;
  while (hub->hasStarter()) std::this_thread::yield();
  other->request(Describe{});
  EXPECT_EQ(hub->clients(), 1u);
}

}  // namespace
}  // namespace netwright::run
