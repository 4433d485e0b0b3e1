// Signals: how Ctrl-C and SIGTERM reach the loops.
//
// The first asks to stop nicely: publish what is complete, end with 0. The second ends the process at once
// with 130. A process has one set of signal handlers, so these are functions and not an object.
#pragma once

namespace tidemark {

// Installs the handlers; call it before the first thread. Reads and polls that wait return with EINTR.
void watch_stop_signals();

// True from the first signal on; from any thread, costs a load.
bool stop_requested();

// Readable from the first signal on (never read it): to be polled beside what a loop waits for.
int stop_descriptor();

// SIGHUP asks to read again what can be read again, in place of ending the process; not where it runs in a terminal, whose
// end the signal tells.
void watch_reload_signal();

// True once for every time it was asked.
bool take_reload_request();

// Writing to a closed socket becomes an error instead of the end of the process: for servers. The filters keep
// the default, because `tidemark trends … | head` should end without a word.
void ignore_broken_pipes();

}  // namespace tidemark
