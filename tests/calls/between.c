/* Stands between a program and the C library, and lets one chosen call that touches files end the
   process before or after it, write only a part, or fail. Loaded with LD_PRELOAD; it does nothing
   until a process asks for it with `choose`, and nothing in other processes that it starts. */

#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <sys/xattr.h>
#include <unistd.h>

enum { NOTHING, KILL_BEFORE, KILL_AFTER, KILL_HALFWAY, FAIL, FAIL_ON, SHORT, SIGNAL };

static pid_t chosen_process;
static int chosen_way, chosen_number, chosen_error, number, readers;
static char touched[4096];
static char names[1 << 16];

/* The number-th call from now on; `reading` counts those too that only open for reading. */
void choose(int way, int nth, int error, int reading) {
    chosen_process = getpid();
    chosen_way = way;
    chosen_number = nth;
    chosen_error = error;
    readers = reading;
    number = 0;
    names[0] = 0;
}

/* The names of the calls so far, and no more calls are counted. */
const char *seen(void) {
    chosen_process = 0;
    return names;
}

static int here(const char *name) {
    if (chosen_process == 0 || chosen_process != getpid()) return NOTHING;
    number++;
    if (strlen(names) + strlen(name) + 2 < sizeof names) strcat(strcat(names, name), " ");
    if (chosen_way == FAIL_ON && number >= chosen_number) return FAIL;
    if (number != chosen_number) return NOTHING;
    if (chosen_way == KILL_BEFORE) kill(getpid(), SIGKILL);
    if (chosen_way == SIGNAL) kill(getpid(), chosen_error);
    return chosen_way;
}

static int after(int way) {
    if (way == KILL_AFTER || way == KILL_HALFWAY) kill(getpid(), SIGKILL);
    return 0;
}

#define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

#define CALL(type, name, parameters, arguments)          \
    type name parameters {                               \
        int way = here(#name);                           \
        if (way == FAIL) {                               \
            errno = chosen_error;                        \
            return -1;                                   \
        }                                                \
        type result = REAL(name) arguments;              \
        int kept = errno;                                \
        after(way);                                      \
        errno = kept;                                    \
        return result;                                   \
    }

#define OPENS(name, parameters, arguments)                                                   \
    int name parameters {                                                                    \
        mode_t mode = 0;                                                                     \
        if (flags & O_CREAT) {                                                               \
            va_list rest;                                                                    \
            va_start(rest, flags);                                                           \
            mode = va_arg(rest, mode_t);                                                     \
            va_end(rest);                                                                    \
        }                                                                                    \
        int counts = readers || (flags & (O_CREAT | O_WRONLY | O_RDWR | O_DIRECTORY));       \
        int way = counts ? here(#name) : NOTHING;                                            \
        if (way == FAIL) {                                                                   \
            errno = chosen_error;                                                            \
            return -1;                                                                       \
        }                                                                                    \
        int result = REAL(name) arguments;                                                   \
        if (result >= 0 && result < (int)sizeof touched) touched[result] = counts;           \
        int kept = errno;                                                                    \
        after(way);                                                                          \
        errno = kept;                                                                        \
        return result;                                                                       \
    }

OPENS(open, (const char *path, int flags, ...), (path, flags, mode))
OPENS(open64, (const char *path, int flags, ...), (path, flags, mode))
OPENS(openat, (int folder, const char *path, int flags, ...), (folder, path, flags, mode))
OPENS(openat64, (int folder, const char *path, int flags, ...), (folder, path, flags, mode))

static int is_touched(int file) { return file >= 0 && file < (int)sizeof touched && touched[file]; }

ssize_t write(int file, const void *content, size_t size) {
    int way = is_touched(file) ? here("write") : NOTHING;
    if (way == FAIL) {
        errno = chosen_error;
        return -1;
    }
    if ((way == KILL_HALFWAY || way == SHORT) && size > 1) size /= 2;
    ssize_t result = REAL(write)(file, content, size);
    int kept = errno;
    after(way);
    errno = kept;
    return result;
}

/* A file is closed also where that fails, as on Linux. */
int close(int file) {
    int way = is_touched(file) ? here("close") : NOTHING;
    int result = REAL(close)(file);
    if (is_touched(file)) touched[file] = 0;
    int kept = errno;
    after(way);
    errno = kept;
    if (way == FAIL) {
        errno = chosen_error;
        return -1;
    }
    return result;
}

CALL(int, fsync, (int file), (file))
CALL(int, fdatasync, (int file), (file))
CALL(int, ftruncate, (int file, off_t size), (file, size))
CALL(int, flock, (int file, int how), (file, how))
CALL(int, fchmod, (int file, mode_t mode), (file, mode))
CALL(int, chmod, (const char *path, mode_t mode), (path, mode))
CALL(int, fchown, (int file, uid_t user, gid_t group), (file, user, group))
CALL(int, mkdir, (const char *path, mode_t mode), (path, mode))
CALL(int, unlink, (const char *path), (path))
CALL(int, rename, (const char *from, const char *to), (from, to))
CALL(int, link, (const char *from, const char *to), (from, to))
CALL(int, linkat, (int a, const char *from, int b, const char *to, int how), (a, from, b, to, how))
CALL(int, fsetxattr, (int file, const char *name, const void *value, size_t size, int how),
     (file, name, value, size, how))
CALL(int, fremovexattr, (int file, const char *name), (file, name))
CALL(ssize_t, listxattr, (const char *path, char *names, size_t size), (path, names, size))
CALL(ssize_t, flistxattr, (int file, char *names, size_t size), (file, names, size))
CALL(ssize_t, getxattr, (const char *path, const char *name, void *value, size_t size),
     (path, name, value, size))
