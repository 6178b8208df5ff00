/* The floor: what one core can do on this kernel. An epoll loop that reads HTTP/1.1 requests with a Content-Length, finds the four numbers in the JSON body, walks
   the tree and answers. It checks no more than it needs to answer right; a server for people must do more. usage: floor PORT (on 127.0.0.1) */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

enum { BUFFER = 4096, EVENTS = 1024, MAX_FILES = 65536 };

struct connection {
    int length;
    char bytes[BUFFER];
};

static struct connection *connections[MAX_FILES];
static const char *const NAMES[] = {"\"sepal_length\"", "\"sepal_width\"", "\"petal_length\"", "\"petal_width\""};
static const char *const CLASSES[] = {"setosa", "versicolor", "virginica"};
static char answers[4][256];

static void make_answers(void) {
    for (int i = 0; i < 3; i++) {
        char body[64];
        int n = snprintf(body, sizeof body, "{\"prediction\":\"%s\"}", CLASSES[i]);
        snprintf(answers[i], sizeof answers[i], "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s", n, body);
    }
    strcpy(answers[3], "HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n");
}

static int classify(const char *body) {
    double values[4];
    for (int i = 0; i < 4; i++) {
        const char *at = strstr(body, NAMES[i]);
        char *end;
        if (!at || !(at = strchr(at + strlen(NAMES[i]), ':'))) return 3;
        values[i] = strtod(at + 1, &end);
        if (end == at + 1) return 3;
    }
    /* The two splits that decide nearly all of Fisher's flowers. */
    return (float)values[2] <= 2.45f ? 0 : (float)values[3] <= 1.75f ? 1 : 2;
}

/* Answers the requests that are whole; -1 where the connection is to end. */
static int serve(int socket, struct connection *c) {
    char out[BUFFER];
    int at = 0, pending = 0;
    while (at < c->length) {
        char *head = c->bytes + at;
        char *end = memmem(head, c->length - at, "\r\n\r\n", 4);
        if (!end) break;
        char *field = memmem(head, end - head, "\r\nContent-Length:", 17);
        long length = field ? strtol(field + 17, NULL, 10) : 0;
        char *body = end + 4;
        if (length < 0 || length >= BUFFER) return -1;
        if (body + length > c->bytes + c->length) break;
        char after = body[length];
        body[length] = 0;
        const char *answer = answers[classify(body)];
        body[length] = after;
        int n = strlen(answer);
        if (pending + n > BUFFER) {
            if (send(socket, out, pending, MSG_NOSIGNAL) != pending) return -1;
            pending = 0;
        }
        memcpy(out + pending, answer, n);
        pending += n;
        at = body + length - c->bytes;
    }
    memmove(c->bytes, c->bytes + at, c->length - at);
    c->length -= at;
    return pending && send(socket, out, pending, MSG_NOSIGNAL) != pending ? -1 : 0;
}

int main(int count, char **arguments) {
    struct rlimit files = {MAX_FILES, MAX_FILES};
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(count > 1 ? atoi(arguments[1]) : 8000), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    struct epoll_event events[EVENTS], one = {.events = EPOLLIN};
    int yes = 1, listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0), poll = epoll_create1(0);
    setrlimit(RLIMIT_NOFILE, &files);
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    if (bind(listener, (struct sockaddr *)&address, sizeof address) || listen(listener, 8192)) {
        perror("floor");
        return 1;
    }
    make_answers();
    one.data.fd = listener;
    epoll_ctl(poll, EPOLL_CTL_ADD, listener, &one);
    for (;;) {
        int ready = epoll_wait(poll, events, EVENTS, -1);
        for (int i = 0; i < ready; i++) {
            int fd = events[i].data.fd;
            if (fd == listener) {
                for (int client; (client = accept4(listener, NULL, NULL, SOCK_NONBLOCK)) >= 0;) {
                    if (client >= MAX_FILES) {
                        close(client);
                        continue;
                    }
                    setsockopt(client, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
                    if (!connections[client]) connections[client] = malloc(sizeof(struct connection));
                    connections[client]->length = 0;
                    one.data.fd = client;
                    epoll_ctl(poll, EPOLL_CTL_ADD, client, &one);
                }
                continue;
            }
            struct connection *c = connections[fd];
            /* One byte is left for the end of a text. */
            ssize_t n = recv(fd, c->bytes + c->length, BUFFER - 1 - c->length, 0);
            if (n < 0 && errno == EAGAIN) continue;
            if (n > 0) c->length += n;
            if (n <= 0 || serve(fd, c) < 0) close(fd);
        }
    }
}
