/* SPDX-License-Identifier: Apache-2.0
 * Preloaded into a program: from the NW_FAULT_AT-th write below the folder NW_FAULT_FOLDER on, its disk is full (ENOSPC); with
 * NW_FAULT_ERROR=io that one call fails with EIO and later ones work. Counts calls that change files: write, pwrite, fsync, rename,
 * truncate, mkdir and open for writing. NW_FAULT_PROGRAM: only in the program of that name. NW_FAULT_COUNT: a file that gets the number of calls at
 * the end. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

static atomic_long calls;

static int applies(void) {
  static int known = -1;
  if (known < 0) {
    const char* program = getenv("NW_FAULT_PROGRAM");
    known = getenv("NW_FAULT_FOLDER") && (!program || !strcmp(program, program_invocation_short_name));
  }
  return known;
}

static int below(const char* path) {
  const char* folder = getenv("NW_FAULT_FOLDER");
  return folder && !strncmp(path, folder, strlen(folder));
}

/* 1 and errno if this call is to fail. */
static int fails(void) {
  const char* at = getenv("NW_FAULT_AT");
  const char* kind = getenv("NW_FAULT_ERROR");
  const long number = ++calls, from = at ? atol(at) : 0;
  const int once = kind && !strcmp(kind, "io");
  if (from <= 0 || number < from || (once && number > from)) return 0;
  errno = once ? EIO : ENOSPC;
  return 1;
}

static int pathFails(const char* path) { return applies() && path && below(path) && fails(); }

static int fileFails(int fd) {
  if (!applies()) return 0;
  char link[64], path[4096];
  snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  const ssize_t length = readlink(link, path, sizeof path - 1);
  if (length <= 0) return 0;
  path[length] = 0;
  return below(path) && fails();
}

#define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

ssize_t write(int fd, const void* data, size_t size) { return fileFails(fd) ? -1 : REAL(write)(fd, data, size); }
ssize_t writev(int fd, const struct iovec* parts, int count) {
  return fileFails(fd) ? -1 : REAL(writev)(fd, parts, count);
}
ssize_t pwrite(int fd, const void* data, size_t size, off_t at) {
  return fileFails(fd) ? -1 : REAL(pwrite)(fd, data, size, at);
}
ssize_t pwrite64(int fd, const void* data, size_t size, off64_t at) {
  return fileFails(fd) ? -1 : REAL(pwrite64)(fd, data, size, at);
}
int fsync(int fd) { return fileFails(fd) ? -1 : REAL(fsync)(fd); }
int fdatasync(int fd) { return fileFails(fd) ? -1 : REAL(fdatasync)(fd); }
int ftruncate(int fd, off_t size) { return fileFails(fd) ? -1 : REAL(ftruncate)(fd, size); }
int ftruncate64(int fd, off64_t size) { return fileFails(fd) ? -1 : REAL(ftruncate64)(fd, size); }
int rename(const char* from, const char* to) { return pathFails(to) ? -1 : REAL(rename)(from, to); }
int mkdir(const char* path, mode_t mode) { return pathFails(path) ? -1 : REAL(mkdir)(path, mode); }

#define OPEN(name)                                            \
  int name(const char* path, int flags, ...) {                \
    va_list rest;                                             \
    va_start(rest, flags);                                    \
    const mode_t mode = va_arg(rest, mode_t);                 \
    va_end(rest);                                             \
    if ((flags & O_CREAT) && pathFails(path)) return -1;      \
    return REAL(name)(path, flags, mode);                     \
  }
OPEN(open)
OPEN(open64)

FILE* fopen(const char* path, const char* mode) {
  return strpbrk(mode, "wa+") && pathFails(path) ? NULL : REAL(fopen)(path, mode);
}
FILE* fopen64(const char* path, const char* mode) {
  return strpbrk(mode, "wa+") && pathFails(path) ? NULL : REAL(fopen64)(path, mode);
}

__attribute__((destructor)) static void tell(void) {
  const char* file = getenv("NW_FAULT_COUNT");
  if (!applies() || !file) return;
  FILE* out = REAL(fopen)(file, "w");
  if (!out) return;
  fprintf(out, "%ld\n", (long)calls);
  fclose(out);
}
