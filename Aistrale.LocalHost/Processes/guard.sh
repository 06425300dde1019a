#!/usr/bin/env bash
# Runs one command and makes sure that it does not outlive the program that asked for it.
#
#   guard.sh SIGNAL GRACE ORPHAN_DELAY LOG COMMAND [ARGUMENT...]
#
# Standard input is a pipe whose only writer is the launcher. A line on it asks for a stop. Its end without a line
# means that the launcher is gone (kill -9 closes the pipe too); then ORPHAN_DELAY passes first, so that
# the services can finish their writes while the database still answers.
# SIGNAL goes to the command; what is left after GRACE is killed. Both times are in tenths of a second.
# The first line on standard output is the command's process id; the command's own output is appended to LOG.

tenths() {
    left=$1
    while [ "$left" -gt 0 ] && kill -s 0 "$child"; do
        sleep 0.1
        left=$((left - 1))
    done
}

watch_launcher() {
    if ! read -r _ <&3; then
        tenths "$delay"
    fi
    kill -s "$signal" "$child"
    tenths "$grace"
    kill -s KILL -- "-$child" || kill -s KILL "$child"
}

# A function, because the shell reads a script while it runs it, and a build may replace this file meanwhile.
main() {
    signal=$1 grace=$2 delay=$3 log=$4
    shift 4
    # Duplicated first: a background command would get /dev/null instead of the pipe.
    exec 3<&0 </dev/null

    # A session of its own keeps the terminal's Ctrl-C away from the command: the launcher decides the order.
    setsid "$@" >>"$log" 2>&1 3<&- &
    child=$!
    echo "$child"
    exec >/dev/null 2>&1

    trap 'kill -s "$signal" "$child"' TERM INT HUP
    watch_launcher &
    watcher=$!
    exec 3<&-

    wait "$child"
    code=$?
    # A trapped signal ends "wait" early.
    while kill -s 0 "$child"; do
        wait "$child"
        code=$?
    done

    kill -s KILL "$watcher"
    kill -s KILL -- "-$child"
    exit "$code"
}

main "$@"
