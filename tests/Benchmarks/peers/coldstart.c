/*
 * Measures how long a program takes from its start to its first byte of output. Usage: coldstart <peer> <program> [<argument>...]
 * Prints `<peer> cold start ms <median> <min> <max>` over 20 starts, after three that fill the file cache. A program
 * that writes nothing is measured to its end.
 */
#define _GNU_SOURCE
#include "bench.h"

#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#define STARTS 20
#define WARM_UP 3

extern char **environ;

static double start_once(char **command)
{
    int ends[2], status;
    pid_t child;
    char byte, rest[256];
    posix_spawn_file_actions_t actions;
    if (pipe(ends)) exit(1);
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, ends[1], 1);
    posix_spawn_file_actions_addclose(&actions, ends[0]);
    posix_spawn_file_actions_addclose(&actions, ends[1]);
    double start = now_seconds();
    if (posix_spawnp(&child, command[0], &actions, NULL, command, environ))
    {
        fprintf(stderr, "coldstart: %s does not start\n", command[0]);
        exit(1);
    }
    close(ends[1]);
    ssize_t got = read(ends[0], &byte, 1);
    double elapsed = now_seconds() - start;
    while (got > 0) got = read(ends[0], rest, sizeof rest); /* or a program that has more to say would be killed */
    close(ends[0]);
    waitpid(child, &status, 0);
    posix_spawn_file_actions_destroy(&actions);
    if (!WIFEXITED(status) || WEXITSTATUS(status))
    {
        fprintf(stderr, "coldstart: %s failed\n", command[0]);
        exit(1);
    }
    return elapsed * 1e3;
}

int main(int argc, char **argv)
{
    double times[STARTS];
    if (argc < 3) return 2;
    for (int i = 0; i < WARM_UP; i++) start_once(argv + 2);
    for (int i = 0; i < STARTS; i++) times[i] = start_once(argv + 2);
    print_line(argv[1], "cold start ms", times, STARTS);
}
