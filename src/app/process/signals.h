// Signals: how Ctrl-C and SIGTERM reach the loops.
//
// The first one asks for a clean stop: publish what is complete, exit with 0. The second one ends the process at once
// with 130. A process has one set of signal handlers, so these are functions and not an object.
#pragma once

namespace tidemark {

// Installs the handlers. Call it before the first thread starts. Blocked reads and polls return with EINTR.
void watch_stop_signals();

// True from the first signal on. Callable from any thread; costs one load.
bool stop_requested();

// Readable from the first signal on. Poll it beside the other descriptors of a loop, and never read it.
int stop_descriptor();

// From now on, SIGHUP requests a reload instead of ending the process. On a terminal it keeps its default action,
// because there it means that the terminal is gone.
void watch_reload_signal();

// True once after each request.
bool take_reload_request();

// For servers: writing to a closed socket becomes an error instead of ending the process. Filters keep the default,
// because `tidemark trends … | head` should end silently.
void ignore_broken_pipes();

}  // namespace tidemark
