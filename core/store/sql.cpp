// SPDX-License-Identifier: Apache-2.0
#include "core/store/sql.h"

#include <fmt/format.h>
#include <sqlite3.h>
#include <unistd.h>

#include <cmath>
#include <cstring>

namespace netwright::store {
namespace {

constexpr int kBusyMilliseconds = 10'000;

struct Advice {
  ErrorKind kind;
  const char *what, *next;
};

Advice adviceFor(int code) {
  switch (code) {
    case SQLITE_NOTADB:
    case SQLITE_CORRUPT:
      return {ErrorKind::Input, "{} is damaged or not a database.",
              "Restore it from a backup, or move it away: the next run makes a new one."};
    case SQLITE_CANTOPEN:
    case SQLITE_READONLY:
    case SQLITE_PERM:
    case SQLITE_AUTH:
      return {ErrorKind::Environment, "Could not open {}.",
              "Choose a project folder that exists and that you may write to."};
    case SQLITE_FULL:
      return {ErrorKind::Environment, "Could not write to {}: the disk is full.", "Free some disk space."};
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return {ErrorKind::Environment, "{} is locked by another program.",
              "Close the program that holds it and try again."};
    default:
      return {ErrorKind::Environment, "The database {} failed.", "Check the disk and the folder."};
  }
}

// -0.0 too: SQLite stores whole REALs as integers.
bool needsBlob(double value) { return std::isnan(value) || (value == 0 && std::signbit(value)); }

// In a folder that cannot be written, and with no log beside it: nobody can change it, and SQLite needs to be told so,
// because reading a WAL database takes files beside it otherwise.
bool isArchived(const std::filesystem::path& path) {
  const std::filesystem::path folder = path.has_parent_path() ? path.parent_path() : std::filesystem::path(".");
  std::error_code ec;
  return ::access(folder.c_str(), W_OK) != 0 && !std::filesystem::exists(path.string() + "-wal", ec);
}

std::string immutableUri(const std::filesystem::path& path) {
  std::string uri = "file:";
  for (const char c : path.string()) {
    if (c == '%' || c == '?' || c == '#')
      uri += fmt::format("%{:02x}", c);
    else
      uri += c;
  }
  return uri + "?immutable=1";
}

}  // namespace

Connection::Connection(const std::filesystem::path& path, Mode mode) : path_(path) {
  const bool archived = mode == Mode::Read && isArchived(path);
  const int access = archived ? SQLITE_OPEN_READONLY | SQLITE_OPEN_URI : SQLITE_OPEN_READWRITE;
  const int create = mode == Mode::Write ? SQLITE_OPEN_CREATE : 0;
  const std::string name = archived ? immutableUri(path) : path.string();
  sqlite3* raw = nullptr;
  const int code = sqlite3_open_v2(name.c_str(), &raw, access | create | SQLITE_OPEN_NOMUTEX, nullptr);
  handle_.reset(raw);
  if (code != SQLITE_OK) fail(code);
  sqlite3_busy_timeout(raw, kBusyMilliseconds);
  exec("PRAGMA foreign_keys = ON; PRAGMA synchronous = NORMAL;");
  if (mode == Mode::Read) exec("PRAGMA query_only = ON");
}

std::unique_ptr<Connection> Connection::temporaryCopy(Connection& original) {
  std::unique_ptr<Connection> copy(new Connection(original.path()));
  sqlite3* raw = nullptr;
  const int code = sqlite3_open_v2("", &raw, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX, nullptr);
  copy->handle_.reset(raw);
  if (code != SQLITE_OK) copy->fail(code);
  copy->copyFrom(original);
  copy->exec("PRAGMA foreign_keys = ON");
  return copy;
}

void Connection::copyFrom(const Connection& original) {
  sqlite3_backup* backup = sqlite3_backup_init(handle(), "main", original.handle(), "main");
  if (!backup) fail(sqlite3_errcode(handle()));
  sqlite3_backup_step(backup, -1);  // all pages under one read lock: writers do not change what is copied
  if (const int result = sqlite3_backup_finish(backup); result != SQLITE_OK) fail(result);
}

void Connection::Close::operator()(sqlite3* handle) const { sqlite3_close_v2(handle); }

void Connection::exec(const std::string& sql) {
  if (const int code = sqlite3_exec(handle(), sql.c_str(), nullptr, nullptr, nullptr); code != SQLITE_OK) fail(code);
}

int64_t Connection::lastInsertId() const { return sqlite3_last_insert_rowid(handle()); }
int64_t Connection::changes() const { return sqlite3_changes64(handle()); }

bool Connection::isWritable() const { return sqlite3_db_readonly(handle(), "main") == 0; }

void Connection::fail(int code) const {
  const Advice advice = adviceFor(code & 0xff);
  const char* why = handle() ? sqlite3_errmsg(handle()) : sqlite3_errstr(code);
  throw SqlError(Error(advice.kind, fmt::format(fmt::runtime(advice.what), path_.string()),
                       fmt::format("SQLite says: {}.", why), advice.next),
                 code & 0xff);
}

Statement::Statement(Connection& connection, std::string_view sql) : connection_(&connection) {
  sqlite3_stmt* raw = nullptr;
  check(sqlite3_prepare_v3(connection.handle(), sql.data(), static_cast<int>(sql.size()), SQLITE_PREPARE_PERSISTENT,
                           &raw, nullptr));
  handle_.reset(raw);
}

void Statement::Finalize::operator()(sqlite3_stmt* handle) const { sqlite3_finalize(handle); }

void Statement::check(int code) const {
  if (code != SQLITE_OK) connection_->fail(code);
}

bool Statement::step() {
  const int code = sqlite3_step(handle_.get());
  if (code == SQLITE_ROW) return true;
  // Resetting at once ends the read or write that this statement holds open.
  const int result = sqlite3_reset(handle_.get());
  if (code != SQLITE_DONE) connection_->fail(result != SQLITE_OK ? result : code);
  return false;
}

void Statement::run() {
  while (step()) continue;
}

void Statement::reset() { sqlite3_reset(handle_.get()); }

bool Statement::isNull(int column) const { return sqlite3_column_type(handle_.get(), column) == SQLITE_NULL; }
int64_t Statement::integer(int column) const { return sqlite3_column_int64(handle_.get(), column); }

double Statement::real(int column) const {
  if (sqlite3_column_type(handle_.get(), column) != SQLITE_BLOB) return sqlite3_column_double(handle_.get(), column);
  double value = std::nan("");
  if (const auto bytes = blob(column); bytes.size() == sizeof(value)) std::memcpy(&value, bytes.data(), sizeof(value));
  return value;
}

std::string Statement::text(int column) const {
  const auto* data = reinterpret_cast<const char*>(sqlite3_column_text(handle_.get(), column));
  return data ? std::string(data, static_cast<size_t>(sqlite3_column_bytes(handle_.get(), column))) : std::string();
}

std::span<const std::byte> Statement::blob(int column) const {
  const auto* data = static_cast<const std::byte*>(sqlite3_column_blob(handle_.get(), column));
  return {data, static_cast<size_t>(sqlite3_column_bytes(handle_.get(), column))};
}

void Statement::bindAt(int index, int64_t value) { check(sqlite3_bind_int64(handle_.get(), index, value)); }

void Statement::bindAt(int index, double value) {
  if (needsBlob(value)) return bindAt(index, std::as_bytes(std::span(&value, 1)));
  check(sqlite3_bind_double(handle_.get(), index, value));
}

void Statement::bindAt(int index, std::string_view value) {
  check(sqlite3_bind_text64(handle_.get(), index, value.empty() ? "" : value.data(), value.size(), SQLITE_TRANSIENT,
                            SQLITE_UTF8));
}

void Statement::bindAt(int index, std::span<const std::byte> value) {
  check(sqlite3_bind_blob64(handle_.get(), index, value.data(), value.size(), SQLITE_TRANSIENT));
}

void Statement::bindAt(int index, std::nullopt_t) { check(sqlite3_bind_null(handle_.get(), index)); }

Transaction::Transaction(Connection& connection, Kind kind) : connection_(connection) {
  connection.exec(kind == Kind::Write ? "BEGIN IMMEDIATE" : "BEGIN");
}

Transaction::~Transaction() {
  if (open_) sqlite3_exec(connection_.handle(), "ROLLBACK", nullptr, nullptr, nullptr);
}

void Transaction::commit() {
  connection_.exec("COMMIT");
  open_ = false;
}

}  // namespace netwright::store
