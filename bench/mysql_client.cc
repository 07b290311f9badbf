// mysql-client: what the database alone can do for a REST endpoint. Threads with a connection each run
// the statements of that endpoint (core/db, through chat/chat_service.cpp) as prepared statements of the
// C client library, read every column of every row, and do nothing else: no HTTP, no JSON.
//
//   mysql-client SOCKET USER PASSWORD DATABASE ENDPOINT THREADS SECONDS
//
// ENDPOINT: history, sessions, initialize, read, close. The sessions are h1 … h1000 of seed/livechat.sql.
// Prints {"per_second": N, "p99_ms": N}.
#include <mysql.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <thread>
#include <vector>

namespace {

using Clock = std::chrono::steady_clock;

[[noreturn]] void die(const char* what, const char* why) {
  std::fprintf(stderr, "mysql-client: %s: %s\n", what, why);
  std::exit(1);
}

#define RECORD                                                                                      \
  "s.id, s.status, s.created_at, s.last_seq, s.client_unread, s.admin_unread, s.client_read_seq,"   \
  " s.admin_read_seq"
#define MESSAGES                                                                                    \
  ", m.seq, m.sender, m.body, m.created_at, m.message_id FROM session s"                            \
  " LEFT JOIN message m ON m.session_id = s.id AND "

constexpr const char* kFind = "SELECT " RECORD " FROM session s WHERE s.client_id = ?";
constexpr const char* kPage =
    "SELECT " RECORD MESSAGES "m.seq BETWEEN ? AND ? WHERE s.client_id = ?";
constexpr const char* kNewest =
    "SELECT " RECORD MESSAGES
    "m.seq < ? AND m.seq > IF(LEAST(s.last_seq, ?) > ?, LEAST(s.last_seq, ?) - ?, 0)"
    " WHERE s.client_id = ?";
constexpr const char* kList =
    "SELECT s.id, s.client_id, s.status, s.created_at, s.last_seq, s.client_unread, s.admin_unread,"
    " s.last_message_at, s.last_sender, s.last_body, m.sender, m.body, v.updated_at, v.page,"
    " v.referrer, v.user_agent, v.language, v.timezone, v.name, v.email, s.waiting_since"
    " FROM session s FORCE INDEX (session_recent)"
    " LEFT JOIN message m FORCE INDEX (PRIMARY) ON s.last_body IS NULL AND s.last_seq > 0"
    " AND m.session_id = s.id AND m.seq = s.last_seq"
    " LEFT JOIN visitor v FORCE INDEX (PRIMARY) ON v.session_id = s.id"
    " WHERE s.status = ? ORDER BY s.last_message_at DESC, s.id DESC LIMIT ?";
constexpr const char* kRead =
    "UPDATE session SET admin_read_seq = last_seq, admin_unread = 0"
    " WHERE client_id = ? AND admin_unread > 0";

// A prepared statement with room for its values and for one row.
class Statement {
 public:
  Statement(MYSQL* connection, const char* sql) : statement_(mysql_stmt_init(connection)) {
    if (mysql_stmt_prepare(statement_, sql, std::strlen(sql)) != 0) fail();
    columns_.resize(mysql_stmt_field_count(statement_));
    buffers_.resize(columns_.size());
    for (size_t i = 0; i < columns_.size(); ++i) {
      columns_[i] = {};
      columns_[i].buffer_type = MYSQL_TYPE_STRING;
      columns_[i].buffer = buffers_[i].data;
      columns_[i].buffer_length = sizeof buffers_[i].data;
      columns_[i].length = &buffers_[i].length;
      columns_[i].is_null = &buffers_[i].is_null;
    }
    if (!columns_.empty() && mysql_stmt_bind_result(statement_, columns_.data()) != 0) fail();
  }
  Statement(const Statement&) = delete;
  ~Statement() { mysql_stmt_close(statement_); }

  Statement& text(const std::string& value) {
    auto& bind = values_[count_++];
    bind = {};
    bind.buffer_type = MYSQL_TYPE_STRING;
    bind.buffer = const_cast<char*>(value.data());
    bind.buffer_length = value.size();
    return *this;
  }

  Statement& number(uint64_t value) {
    numbers_[count_] = value;
    auto& bind = values_[count_];
    bind = {};
    bind.buffer_type = MYSQL_TYPE_LONGLONG;
    bind.buffer = &numbers_[count_];
    bind.is_unsigned = 1;
    ++count_;
    return *this;
  }

  // Runs it and reads all rows; gives how many there were.
  size_t run() {
    if (mysql_stmt_bind_param(statement_, values_) != 0) fail();
    count_ = 0;
    if (mysql_stmt_execute(statement_) != 0) fail();
    if (columns_.empty()) return 0;
    if (mysql_stmt_store_result(statement_) != 0) fail();
    size_t rows = 0;
    while (mysql_stmt_fetch(statement_) == 0) ++rows;
    mysql_stmt_free_result(statement_);
    return rows;
  }

 private:
  [[noreturn]] void fail() { die("statement", mysql_stmt_error(statement_)); }

  struct Buffer {
    char data[512];
    unsigned long length;
    my_bool is_null;
  };

  MYSQL_STMT* statement_;
  std::vector<MYSQL_BIND> columns_;
  std::vector<Buffer> buffers_;
  MYSQL_BIND values_[6]{};
  uint64_t numbers_[6]{};
  size_t count_ = 0;
};

class Connection {
 public:
  explicit Connection(char** argv) : mysql_(mysql_init(nullptr)) {
    if (!mysql_real_connect(mysql_, nullptr, argv[2], argv[3], argv[4], 0, argv[1], CLIENT_FOUND_ROWS)) {
      die("connect", mysql_error(mysql_));
    }
    if (mysql_set_character_set(mysql_, "utf8mb4") != 0) die("charset", mysql_error(mysql_));
  }
  Connection(const Connection&) = delete;
  ~Connection() { mysql_close(mysql_); }

  operator MYSQL*() const { return mysql_; }

 private:
  MYSQL* mysql_;
};

struct Client {
  explicit Client(char** argv) : connection(argv) {}

  Connection connection;
  Statement find{connection, kFind}, page{connection, kPage}, newest{connection, kNewest};
  Statement list{connection, kList}, read{connection, kRead};
};

// One request of the endpoint.
void request(Client& client, const std::string& endpoint, unsigned number) {
  const std::string client_id = "h" + std::to_string(number % 1000 + 1);
  const auto expect = [](size_t rows, size_t wanted) {
    if (rows != wanted) die("seed", "sessions or messages are missing");
  };
  if (endpoint == "history") {
    expect(client.page.number(1).number(50).text(client_id).run(), 50);
  } else if (endpoint == "initialize") {
    const uint64_t end = UINT64_MAX, last = end - 1;
    auto& newest = client.newest.number(end).number(last).number(50).number(last).number(50);
    expect(newest.text(client_id).run(), 50);
  } else if (endpoint == "sessions") {
    static const std::string active = "active";
    client.list.text(active).number(1001).run();
  } else if (endpoint == "read") {
    client.read.text(client_id).run();
  } else {
    expect(client.find.text(client_id).run(), 1);
  }
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 8) {
    std::fprintf(stderr, "usage: mysql-client SOCKET USER PASSWORD DATABASE ENDPOINT THREADS SECONDS\n");
    return 2;
  }
  const std::string endpoint = argv[5];
  const int threads = std::atoi(argv[6]);
  const double seconds = std::atof(argv[7]);
  mysql_library_init(0, nullptr, nullptr);

  std::vector<std::vector<float>> times(static_cast<size_t>(threads));
  std::vector<std::thread> running;
  std::atomic<int> ready{0};
  std::atomic<bool> go{false}, stop{false};
  for (int i = 0; i < threads; ++i) {
    running.emplace_back([&, i] {
      mysql_thread_init();
      {
        Client client(argv);
        ++ready;
        while (!go) std::this_thread::yield();
        for (unsigned number = static_cast<unsigned>(i) * 61; !stop; ++number) {
          const auto start = Clock::now();
          request(client, endpoint, number);
          times[static_cast<size_t>(i)].push_back(
              std::chrono::duration<float, std::milli>(Clock::now() - start).count());
        }
      }
      mysql_thread_end();
    });
  }
  while (ready < threads) std::this_thread::sleep_for(std::chrono::milliseconds(1));
  const auto start = Clock::now();
  go = true;
  std::this_thread::sleep_for(std::chrono::duration<double>(seconds));
  stop = true;
  for (auto& thread : running) thread.join();
  const double took = std::chrono::duration<double>(Clock::now() - start).count();

  std::vector<float> all;
  for (const auto& some : times) all.insert(all.end(), some.begin(), some.end());
  if (all.empty()) die("measure", "nothing was answered");
  const auto p99 = all.begin() + static_cast<std::ptrdiff_t>(all.size() * 99 / 100);
  std::nth_element(all.begin(), p99, all.end());
  std::printf("{\"per_second\": %.1f, \"p99_ms\": %.3f}\n", static_cast<double>(all.size()) / took,
              static_cast<double>(*p99));
}
