// SPDX-License-Identifier: Apache-2.0
// SQLite with owned handles and Netwright's errors. Private to core/store.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "core/base/error.h"

struct sqlite3;
struct sqlite3_stmt;

namespace netwright::store {

class SqlError : public Error {
 public:
  SqlError(Error error, int code) : Error(std::move(error)), code(code) {}
  const int code;  // SQLite's primary result code
};

class Connection {
 public:
  enum class Mode { Read, Write };  // Write creates the file

  // Waits up to 10 s for other writers in every statement. Throws SqlError.
  Connection(const std::filesystem::path& path, Mode mode);

  // A copy in a temporary file without a name, which may be written and goes with the connection. Its path() and its
  // messages are those of the original.
  static std::unique_ptr<Connection> temporaryCopy(Connection& original);
  void copyFrom(const Connection& original);  // everything, as it is at one instant; replaces what is here

  void exec(const std::string& sql);
  int64_t lastInsertId() const;
  int64_t changes() const;
  bool isWritable() const;  // the file, whatever this connection was opened for
  const std::filesystem::path& path() const { return path_; }
  sqlite3* handle() const { return handle_.get(); }
  [[noreturn]] void fail(int code) const;

 private:
  struct Close {
    void operator()(sqlite3* handle) const;
  };
  explicit Connection(std::filesystem::path path) : path_(std::move(path)) {}
  std::filesystem::path path_;
  std::unique_ptr<sqlite3, Close> handle_;
};

// A prepared statement. Values bound are copied. Any NaN and -0.0 come back bit by bit, which SQLite's REAL does not
// promise.
class Statement {
 public:
  Statement(Connection& connection, std::string_view sql);

  // Resets, binds all parameters in order and leaves the statement ready for step() or run().
  template <class... Values>
  Statement& bind(const Values&... values) {
    reset();
    int index = 0;
    (bindAt(++index, values), ...);
    return *this;
  }
  bool step();  // true while there is a row
  void run();   // to the end
  void reset();

  bool isNull(int column) const;
  int64_t integer(int column) const;
  double real(int column) const;
  std::string text(int column) const;
  // Valid until the next step.
  std::span<const std::byte> blob(int column) const;

 private:
  struct Finalize {
    void operator()(sqlite3_stmt* handle) const;
  };
  void bindAt(int index, int64_t value);
  void bindAt(int index, int value) { bindAt(index, static_cast<int64_t>(value)); }
  void bindAt(int index, bool value) { bindAt(index, static_cast<int64_t>(value)); }
  void bindAt(int index, double value);
  void bindAt(int index, std::string_view value);
  void bindAt(int index, const std::string& value) { bindAt(index, std::string_view(value)); }
  void bindAt(int index, const char* value) { bindAt(index, std::string_view(value)); }
  void bindAt(int index, std::span<const std::byte> value);
  void bindAt(int index, std::nullopt_t);
  template <class T>
  void bindAt(int index, const std::optional<T>& value) {
    value ? bindAt(index, *value) : bindAt(index, std::nullopt);
  }
  void check(int code) const;

  Connection* connection_;
  std::unique_ptr<sqlite3_stmt, Finalize> handle_;
};

// Everything until commit() happens at once or not at all.
class Transaction {
 public:
  enum class Kind { Read, Write };  // Read: one consistent view for several queries
  Transaction(Connection& connection, Kind kind);
  ~Transaction();
  Transaction(const Transaction&) = delete;
  Transaction& operator=(const Transaction&) = delete;
  void commit();

 private:
  Connection& connection_;
  bool open_ = true;
};

}  // namespace netwright::store
