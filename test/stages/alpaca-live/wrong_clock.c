/* Preloaded into a client: its wall clock, and no other clock, is ahead by the number of seconds in the file WRONG_CLOCK_FILE. */
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

static long ahead(void) {
  const char* name = getenv("WRONG_CLOCK_FILE");
  FILE* file = name ? fopen(name, "r") : NULL;
  long seconds = 0;
  if (file != NULL) {
    if (fscanf(file, "%ld", &seconds) != 1) seconds = 0;
    fclose(file);
  }
  return seconds;
}

int clock_gettime(clockid_t clock, struct timespec* shown) {
  const int outcome = (int)syscall(SYS_clock_gettime, clock, shown);
  if (outcome == 0 && (clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE)) shown->tv_sec += ahead();
  return outcome;
}

int gettimeofday(struct timeval* shown, void* zone) {
  struct timespec now;
  (void)zone;
  clock_gettime(CLOCK_REALTIME, &now);
  shown->tv_sec = now.tv_sec;
  shown->tv_usec = now.tv_nsec / 1000;
  return 0;
}

time_t time(time_t* shown) {
  struct timespec now;
  clock_gettime(CLOCK_REALTIME, &now);
  if (shown != NULL) *shown = now.tv_sec;
  return now.tv_sec;
}
