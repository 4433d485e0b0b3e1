# Hardening: a memory fault ends the program instead of serving an attacker. Release only: the sanitizers find more, and
# fortified functions need an optimising compiler. test/stages/install reads these properties from the installed program.
#
#     -fstack-protector-strong    a canary behind every array on the stack
#     -D_FORTIFY_SOURCE=3         memcpy, read, snprintf … check the size of what they write to, where the compiler knows it
#     -D_GLIBCXX_ASSERTIONS       an index behind the end of a container ends the program
#     -fcf-protection -z shstk    x86: indirect branches land on endbr64 only, returns match a shadow stack. Debian 12's startup code
#                                 has no mark, and with it the linker takes the mark from the program; what it has of calls and
#                                 returns suits a shadow stack, so that mark is given back. The mark of IBT is not: its entry has no endbr64
#     -mbranch-protection         arm64: the same by BTI and PAC
#     -fPIE -pie                  loaded at a random address
#     -z relro -z now             the table of imported functions is resolved at start and read-only from then on
#     -z noexecstack              no stack that can be executed, whatever an object file asks for
option(TIDEMARK_HARDEN "Compile and link the release build with protection against faults in memory" ON)

# Ubuntu's compilers define _FORTIFY_SOURCE themselves.
set(protected_compile -fPIE -fstack-protector-strong -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=3 -D_GLIBCXX_ASSERTIONS)
set(protected_link -pie -Wl,-z,relro,-z,now,-z,noexecstack)
if(CMAKE_SYSTEM_PROCESSOR MATCHES "x86_64|AMD64")
  list(APPEND protected_compile -fcf-protection=full)
  list(APPEND protected_link -Wl,-z,shstk)
elseif(CMAKE_SYSTEM_PROCESSOR MATCHES "aarch64|arm64")
  list(APPEND protected_compile -mbranch-protection=standard)
endif()
if(TIDEMARK_SANITIZE OR NOT TIDEMARK_HARDEN)
  set(protected_compile)
  set(protected_link)
endif()

# tidemark_harden(<target>): for each room and every program outside the tests. Tests are not hardened, because they are
# never installed.
function(tidemark_harden target)
  target_compile_options(${target} PRIVATE "$<$<CONFIG:Release>:${protected_compile}>")
  get_target_property(type ${target} TYPE)
  if(type STREQUAL "EXECUTABLE")
    target_link_options(${target} PRIVATE "$<$<CONFIG:Release>:${protected_link}>")
  endif()
endfunction()
