/* The first part of an AppImage (type 2): shows the squashfs behind it as a folder and runs AppRun.
 *
 * Where the system lets a user mount with FUSE (fusermount3 or fusermount, or root), the picture is
 * mounted and nothing is written. Where it does not, it is unpacked once into the user's cache.
 * Speaks the kernel's FUSE protocol itself (linux/fuse.h, 7.19 or later), and reads squashfs with
 * libsquashfuse (BSD-2-Clause), zlib (Zlib) and zstd (BSD-3-Clause).
 *
 * Source: AppImage specification, draft; squashfs 4.0; linux/fuse.h.
 */
#define _GNU_SOURCE
#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/fuse.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

#include <squashfuse/squashfuse.h>

#define REQUEST_BYTES (1 << 18)
#define READ_BYTES (1 << 17)
#define FOREVER_S 86400

/* What the squashfs library would need for compressions that our pictures do not use. */
int lzo1x_decompress_safe(void) { return -1; }
int lzma_stream_buffer_decode(void) { return 1; }
int LZ4_decompress_safe(void) { return -1; }

static sqfs image;

static void fail(const char *what, const char *which) {
    fprintf(stderr, "residua: %s%s%s: %s\n", what, *which ? " " : "", which, strerror(errno));
    exit(2);
}

/* The ELF file ends with its table of sections; the squashfs begins there. */
static off_t end_of_program(const char *file) {
    Elf64_Ehdr head;
    int fd = open(file, O_RDONLY | O_CLOEXEC);
    if (fd < 0 || read(fd, &head, sizeof head) != sizeof head) fail("cannot read", file);
    close(fd);
    return (off_t)(head.e_shoff + (Elf64_Off)head.e_shentsize * head.e_shnum);
}

/* ---- unpacking ---------------------------------------------------------------------------- */

static bool write_file(sqfs_inode *inode, const char *target, mode_t mode) {
    static char block[READ_BYTES];
    int fd = open(target, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode & 0777);
    if (fd < 0) return false;
    uint64_t size = inode->xtra.reg.file_size;
    for (uint64_t at = 0; at < size;) {
        sqfs_off_t count = READ_BYTES;
        if (sqfs_read_range(&image, inode, (sqfs_off_t)at, &count, block) || count <= 0 ||
            write(fd, block, (size_t)count) != count) {
            close(fd);
            return false;
        }
        at += (uint64_t)count;
    }
    return close(fd) == 0;
}

static bool unpack_one(sqfs_traverse *walk, const char *target) {
    sqfs_inode inode;
    char link[PATH_MAX];
    if (sqfs_inode_get(&image, &inode, sqfs_dentry_inode(&walk->entry))) return false;
    mode_t mode = (mode_t)inode.base.mode;
    if (S_ISDIR(mode)) return mkdir(target, 0755) == 0 || errno == EEXIST;
    if (S_ISREG(mode)) return write_file(&inode, target, mode);
    if (!S_ISLNK(mode)) return true;
    size_t size = sizeof link;
    if (sqfs_readlink(&image, &inode, link, &size)) return false;
    unlink(target);
    return symlink(link, target) == 0;
}

static void unpack(const char *folder) {
    sqfs_traverse walk;
    sqfs_err error = SQFS_OK;
    char target[PATH_MAX];
    if (mkdir(folder, 0755) && errno != EEXIST) fail("cannot make", folder);
    if (sqfs_traverse_open(&walk, &image, sqfs_inode_root(&image))) fail("cannot read", "itself");
    while (sqfs_traverse_next(&walk, &error)) {
        if (walk.dir_end) continue;
        if (snprintf(target, sizeof target, "%s/%s", folder, walk.path) >= (int)sizeof target ||
            !unpack_one(&walk, target))
            fail("cannot unpack", target);
    }
    if (error) fail("cannot read", "itself");
    sqfs_traverse_close(&walk);
}

/* Unpacks beside the place and renames, so that half of it is never run. */
static void unpack_once(const char *file, char *folder, size_t size) {
    struct stat facts;
    char partial[PATH_MAX];
    const char *cache = getenv("XDG_CACHE_HOME"), *home = getenv("HOME");
    if (stat(file, &facts)) fail("cannot read", file);
    if (!home) home = "/tmp";
    snprintf(partial, sizeof partial, "%s%s", cache ? cache : home, cache ? "" : "/.cache");
    mkdir(partial, 0700);
    if (strlen(partial) + 96 > size) fail("the path is too long:", partial);
    snprintf(folder, size, "%s/residua-appimage-%llx-%llx-%llx", partial,
             (unsigned long long)facts.st_ino, (unsigned long long)facts.st_size,
             (unsigned long long)facts.st_mtime);
    if (access(folder, X_OK) == 0) return;
    fprintf(stderr, "residua: unpacking once into %s\n", folder);
    snprintf(partial, sizeof partial, "%s.%d", folder, (int)getpid());
    unpack(partial);
    if (rename(partial, folder) && access(folder, X_OK)) fail("cannot make", folder);
}

/* ---- FUSE --------------------------------------------------------------------------------- */

static void answer(int fuse, uint64_t unique, int error, const void *data, size_t size) {
    struct fuse_out_header head = {.len = (uint32_t)(sizeof head + size), .error = -error,
                                   .unique = unique};
    struct iovec parts[2] = {{&head, sizeof head}, {(void *)data, size}};
    /* The kernel may have given the request up; there is nobody to tell then. */
    if (writev(fuse, parts, size ? 2 : 1) < 0) return;
}

static bool inode_of(uint64_t node, sqfs_inode *inode) {
    sqfs_inode_id id = node == FUSE_ROOT_ID ? sqfs_inode_root(&image) : node - 2;
    return sqfs_inode_get(&image, inode, id) == SQFS_OK;
}

static void fill(struct fuse_attr *attr, sqfs_inode *inode, uint64_t node) {
    memset(attr, 0, sizeof *attr);
    attr->ino = node;
    attr->mode = (uint32_t)inode->base.mode;
    attr->nlink = (uint32_t)inode->nlink;
    attr->uid = getuid();
    attr->gid = getgid();
    attr->mtime = attr->ctime = attr->atime = (uint64_t)inode->base.mtime;
    attr->blksize = 4096;
    if (S_ISREG(inode->base.mode)) attr->size = inode->xtra.reg.file_size;
    if (S_ISLNK(inode->base.mode)) attr->size = inode->xtra.symlink_size;
    attr->blocks = (attr->size + 511) / 512;
}

static void look_up(int fuse, struct fuse_in_header *in, const char *name) {
    struct fuse_entry_out out = {.entry_valid = FOREVER_S, .attr_valid = FOREVER_S};
    sqfs_inode parent, found;
    sqfs_dir_entry entry;
    sqfs_name buffer;
    bool there = false;
    sqfs_dentry_init(&entry, buffer);
    if (!inode_of(in->nodeid, &parent) ||
        sqfs_dir_lookup(&image, &parent, name, strlen(name), &entry, &there)) {
        answer(fuse, in->unique, EIO, NULL, 0);
        return;
    }
    if (!there) {
        answer(fuse, in->unique, ENOENT, NULL, 0);
        return;
    }
    out.nodeid = sqfs_dentry_inode(&entry) + 2;
    if (!inode_of(out.nodeid, &found)) {
        answer(fuse, in->unique, EIO, NULL, 0);
        return;
    }
    fill(&out.attr, &found, out.nodeid);
    answer(fuse, in->unique, 0, &out, sizeof out);
}

static void read_file(int fuse, struct fuse_in_header *in, struct fuse_read_in *asked) {
    static char block[1 << 20];
    sqfs_inode inode;
    sqfs_off_t count = asked->size < sizeof block ? asked->size : sizeof block;
    if (!inode_of(in->nodeid, &inode) ||
        sqfs_read_range(&image, &inode, (sqfs_off_t)asked->offset, &count, block))
        answer(fuse, in->unique, EIO, NULL, 0);
    else
        answer(fuse, in->unique, 0, block, (size_t)count);
}

static void read_dir(int fuse, struct fuse_in_header *in, struct fuse_read_in *asked) {
    static char block[1 << 16];
    sqfs_inode inode;
    sqfs_dir dir;
    sqfs_dir_entry entry;
    sqfs_name name;
    sqfs_err error = SQFS_OK;
    size_t used = 0, limit = asked->size < sizeof block ? asked->size : sizeof block;
    sqfs_dentry_init(&entry, name);
    if (!inode_of(in->nodeid, &inode) ||
        sqfs_dir_open(&image, &inode, &dir, (off_t)asked->offset)) {
        answer(fuse, in->unique, EIO, NULL, 0);
        return;
    }
    while (sqfs_dir_next(&image, &dir, &entry, &error)) {
        size_t length = sqfs_dentry_name_size(&entry);
        size_t size = FUSE_DIRENT_ALIGN(FUSE_NAME_OFFSET + length);
        if (used + size > limit) break;
        struct fuse_dirent *out = (struct fuse_dirent *)(block + used);
        memset(out, 0, size);
        out->ino = sqfs_dentry_inode(&entry) + 2;
        out->off = (uint64_t)sqfs_dentry_next_offset(&entry);
        out->namelen = (uint32_t)length;
        out->type = (uint32_t)(sqfs_dentry_mode(&entry) & S_IFMT) >> 12;
        memcpy(out->name, name, length);
        used += size;
    }
    answer(fuse, in->unique, error ? EIO : 0, block, error ? 0 : used);
}

static void read_link(int fuse, struct fuse_in_header *in) {
    char link[PATH_MAX];
    size_t size = sizeof link;
    sqfs_inode inode;
    if (!inode_of(in->nodeid, &inode) || sqfs_readlink(&image, &inode, link, &size))
        answer(fuse, in->unique, EIO, NULL, 0);
    else
        answer(fuse, in->unique, 0, link, strlen(link));
}

static void begin(int fuse, struct fuse_in_header *in, struct fuse_init_in *asked) {
    struct fuse_init_out out = {.major = FUSE_KERNEL_VERSION, .time_gran = 1};
    out.minor = asked->minor < FUSE_KERNEL_MINOR_VERSION ? asked->minor : FUSE_KERNEL_MINOR_VERSION;
    out.max_readahead = asked->max_readahead;
    out.flags = asked->flags & (FUSE_ASYNC_READ | FUSE_PARALLEL_DIROPS);
    out.max_write = 4096;
    out.max_background = 16;
    answer(fuse, in->unique, 0, &out, sizeof out);
}

/* Answers one request; false when the file system is gone. */
static bool serve_one(int fuse, char *request) {
    ssize_t size = read(fuse, request, REQUEST_BYTES);
    if (size < 0) return errno == EINTR || errno == EAGAIN || errno == ENOENT;
    struct fuse_in_header *in = (struct fuse_in_header *)request;
    void *body = request + sizeof *in;
    struct fuse_open_out opened = {.open_flags = FOPEN_KEEP_CACHE};
    struct fuse_attr_out attr = {.attr_valid = FOREVER_S};
    struct fuse_statfs_out about = {.st = {.bsize = 4096, .frsize = 4096, .namelen = 255}};
    sqfs_inode inode;
    switch (in->opcode) {
    case FUSE_INIT: begin(fuse, in, body); break;
    case FUSE_LOOKUP: look_up(fuse, in, body); break;
    case FUSE_GETATTR:
        if (inode_of(in->nodeid, &inode)) {
            fill(&attr.attr, &inode, in->nodeid);
            answer(fuse, in->unique, 0, &attr, sizeof attr);
        } else {
            answer(fuse, in->unique, EIO, NULL, 0);
        }
        break;
    case FUSE_OPEN:
    case FUSE_OPENDIR: answer(fuse, in->unique, 0, &opened, sizeof opened); break;
    case FUSE_READ: read_file(fuse, in, body); break;
    case FUSE_READDIR: read_dir(fuse, in, body); break;
    case FUSE_READLINK: read_link(fuse, in); break;
    case FUSE_STATFS: answer(fuse, in->unique, 0, &about, sizeof about); break;
    case FUSE_RELEASE:
    case FUSE_RELEASEDIR:
    case FUSE_FLUSH: answer(fuse, in->unique, 0, NULL, 0); break;
    case FUSE_FORGET:
    case FUSE_BATCH_FORGET:
    case FUSE_INTERRUPT: break;
    case FUSE_DESTROY: answer(fuse, in->unique, 0, NULL, 0); return false;
    default: answer(fuse, in->unique, ENOSYS, NULL, 0);
    }
    return true;
}

/* Takes the open file that fusermount sends. */
static int received(int channel) {
    char byte, space[CMSG_SPACE(sizeof(int))];
    struct iovec part = {&byte, 1};
    struct msghdr message = {.msg_iov = &part, .msg_iovlen = 1, .msg_control = space,
                             .msg_controllen = sizeof space};
    if (recvmsg(channel, &message, 0) <= 0) return -1;
    struct cmsghdr *head = CMSG_FIRSTHDR(&message);
    if (!head || head->cmsg_type != SCM_RIGHTS) return -1;
    int fd;
    memcpy(&fd, CMSG_DATA(head), sizeof fd);
    return fd;
}

static int mount_by_tool(const char *tool, const char *folder) {
    int channel[2];
    char number[16];
    if (socketpair(AF_UNIX, SOCK_STREAM, 0, channel)) return -1;
    pid_t child = fork();
    if (child == 0) {
        close(channel[0]);
        snprintf(number, sizeof number, "%d", channel[1]);
        setenv("_FUSE_COMMFD", number, 1);
        execlp(tool, tool, "-o", "ro,nosuid,nodev,fsname=residua,subtype=residua", "--", folder,
               (char *)NULL);
        _exit(127);
    }
    close(channel[1]);
    int fd = child < 0 ? -1 : received(channel[0]);
    close(channel[0]);
    if (child > 0) waitpid(child, NULL, 0);
    return fd;
}

static int mount_fuse(const char *folder) {
    int fd = mount_by_tool("fusermount3", folder);
    if (fd < 0) fd = mount_by_tool("fusermount", folder);
    if (fd >= 0 || geteuid() != 0) return fd;
    char options[128];
    fd = open("/dev/fuse", O_RDWR | O_CLOEXEC);
    if (fd < 0) return -1;
    snprintf(options, sizeof options, "fd=%d,rootmode=40000,user_id=0,group_id=0", fd);
    if (mount("residua", folder, "fuse.residua", MS_RDONLY | MS_NOSUID | MS_NODEV, options) == 0)
        return fd;
    close(fd);
    return -1;
}

static void unmount(const char *folder) {
    const char *tools[] = {"fusermount3", "fusermount"};
    if (umount2(folder, MNT_DETACH) == 0) return;
    for (int i = 0; i < 2; i++) {
        pid_t child = fork();
        int status = 1;
        if (child == 0) {
            execlp(tools[i], tools[i], "-u", "-z", "--", folder, (char *)NULL);
            _exit(127);
        }
        if (child > 0 && waitpid(child, &status, 0) == child && status == 0) return;
    }
}

/* Serves until the program and all that it started have ended, then takes the mount away. */
static void serve(int fuse, int alive, const char *folder) {
    static char request[REQUEST_BYTES];
    struct pollfd ends[2] = {{.fd = fuse, .events = POLLIN}, {.fd = alive, .events = POLLIN}};
    for (;;) {
        if (poll(ends, 2, -1) < 0 && errno != EINTR) break;
        if (ends[0].revents & POLLIN) {
            if (!serve_one(fuse, request)) break;
        } else if (ends[0].revents || ends[1].revents) {
            break;
        }
    }
    close(fuse);
    unmount(folder);
    rmdir(folder);
    _exit(0);
}

/* Mounts in a process of its own; false where FUSE is not available. */
static bool mounted(char *folder) {
    int alive[2], ready[2], null;
    char byte = 0;
    if (!mkdtemp(folder)) return false;
    if (pipe(alive) || pipe2(ready, O_CLOEXEC)) fail("cannot make", "a pipe");
    pid_t child = fork();
    if (child == 0) {
        if (fork() != 0) _exit(0);
        setsid();
        signal(SIGINT, SIG_IGN);
        null = open("/dev/null", O_RDWR);
        for (int fd = 0; fd < 3; fd++) dup2(null, fd);
        close(alive[1]);
        int fuse = mount_fuse(folder);
        if (fuse < 0) _exit(1);
        if (write(ready[1], "y", 1) != 1) _exit(1);
        close(ready[1]);
        serve(fuse, alive[0], folder);
    }
    close(alive[0]);
    close(ready[1]);
    waitpid(child, NULL, 0);
    /* The other end of `alive` stays open in the program: when it ends, the mount goes. */
    bool good = read(ready[0], &byte, 1) == 1 && byte == 'y';
    close(ready[0]);
    if (!good) rmdir(folder);
    return good;
}

static void run(const char *file, const char *folder, char **arguments) {
    char program[PATH_MAX];
    snprintf(program, sizeof program, "%s/AppRun", folder);
    setenv("APPDIR", folder, 1);
    setenv("APPIMAGE", file, 1);
    setenv("ARGV0", arguments[0], 1);
    execv(program, arguments);
    fail("cannot run", program);
}

int main(int count, char **arguments) {
    char file[PATH_MAX] = {0}, folder[PATH_MAX];
    const char *option = count > 1 ? arguments[1] : "";
    if (readlink("/proc/self/exe", file, sizeof file - 1) < 0) fail("cannot find", "itself");
    off_t offset = end_of_program(file);
    if (!strcmp(option, "--appimage-offset")) return printf("%lld\n", (long long)offset) < 0;
    int fd = open(file, O_RDONLY | O_CLOEXEC);
    if (fd < 0 || sqfs_init(&image, fd, (size_t)offset)) fail("there is no sound image in", file);
    if (!strcmp(option, "--appimage-extract")) {
        unpack("squashfs-root");
        return 0;
    }
    if (!strcmp(option, "--appimage-help")) {
        puts("--appimage-extract          unpack into squashfs-root\n"
             "--appimage-extract-and-run  unpack into the cache, do not mount\n"
             "--appimage-offset           where the squashfs begins, bytes\n"
             "Everything else goes to the program.");
        return 0;
    }
    bool no_mount = !strcmp(option, "--appimage-extract-and-run");
    const char *scratch = getenv("TMPDIR");
    snprintf(folder, sizeof folder, "%s/.mount_residuaXXXXXX", scratch ? scratch : "/tmp");
    if (no_mount || getenv("APPIMAGE_EXTRACT_AND_RUN") || !mounted(folder))
        unpack_once(file, folder, sizeof folder);
    if (no_mount) {
        arguments[1] = arguments[0];
        arguments++;
    }
    run(file, folder, arguments);
}
