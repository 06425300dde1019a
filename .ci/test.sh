# shellcheck shell=bash disable=SC2154 # root is set by the script that reads this one
# Part of ./aistrale: "test". Everything is counted, a step that is not a test as one: the last line is the verdict.

passed=0 failed=0 skipped=0

# step NAME COMMAND...: runs it, shows its output only when it fails.
step() {
    local name=$1 started=$SECONDS
    shift
    local log=$root/artifacts/test-$name.log
    if "$@" >"$log" 2>&1; then
        printf '%-12s ok        %4d s\n' "$name" $((SECONDS - started))
        return 0
    fi
    printf '%-12s FAILED    %4d s\n' "$name" $((SECONDS - started))
    sed "s#$root/##g" "$log" | grep -E 'error|warn' | sort -u | head -n 40
    echo "The whole output is in $log."
    failed=$((failed + 1))
    return 1
}

# count WORD LOG: the number in a line such as "  succeeded: 41", added up.
count() { awk -v word="$1:" '$1 == word { sum += $2 } END { print sum + 0 }' "$2"; }

# run_tests NAME PROJECT [FILTER...]
run_tests() {
    local name=$1 project=tests/$2 started=$SECONDS
    shift 2
    local log=$root/artifacts/test-$name.log code ok bad left
    timeout --kill-after=30 "${AISTRALE_TEST_LIMIT_S:-1200}" \
        dotnet test --project "$project" -c Release --no-build --no-progress "$@" >"$log" 2>&1 </dev/null
    code=$?
    ok=$(count succeeded "$log") bad=$(count failed "$log") left=$(count skipped "$log")
    # Exit code 8 says that the project has no such test; every other one without a counted failure is a crash.
    if ((code != 0 && code != 8 && bad == 0)); then
        bad=1
        echo "$name ended with exit code $code."
    fi
    passed=$((passed + ok)) failed=$((failed + bad)) skipped=$((skipped + left))
    printf '%-12s %4d passed, %d failed, %d skipped %4d s\n' "$name" "$ok" "$bad" "$left" $((SECONDS - started))
    if ((bad > 0)); then
        tail -n 300 "$log"
    fi
}

has_aspire() { [[ ${UseAspire:-} != false && ! -e .no-aspire ]]; }

verdict() {
    local line="$passed passed, $failed failed"
    ((skipped > 0)) && line+=", $skipped skipped"
    ((passed + failed > 0)) || echo "No test ran."
    echo "$line"
    ((failed == 0 && passed > 0))
    exit
}

build_for_tests() {
    is_built && return 0
    build
}

command_test() {
    local part=${1:-all}
    (($# <= 1)) || refuse "'test' takes one part at most: unit, integration, browser, faults or scale."
    case $part in
        all) require_dotnet; require_packages postgres redis node chromium ;;
        browser) require_dotnet; require_packages postgres redis chromium ;;
        integration | faults | scale) require_dotnet; require_packages postgres redis node ;;
        unit) require_dotnet ;;
        *) refuse "'test' does not know '$part': choose unit, integration, browser, faults or scale." ;;
    esac
    decide_aspire
    # Asked here, where a refusal still reaches the terminal.
    is_built || ! is_running || refuse_build_while_running
    mkdir -p artifacts

    if [[ $part == all ]]; then
        step restore dotnet restore Aistrale.sln -v q || verdict
        step format dotnet format Aistrale.sln --verify-no-changes --no-restore
    fi
    step build build_for_tests || verdict

    case $part in
        all)
            run_tests unit Aistrale.UnitTests
            run_tests integration Aistrale.IntegrationTests
            run_tests browser Aistrale.BrowserTests
            ! has_aspire || run_tests apphost Aistrale.AppHostTests
            ;;
        unit) run_tests unit Aistrale.UnitTests ;;
        integration) run_tests integration Aistrale.IntegrationTests ;;
        browser) run_tests browser Aistrale.BrowserTests ;;
        faults | scale)
            export AISTRALE_TEST_SIZE=full
            run_tests "unit-$part" Aistrale.UnitTests --filter-trait "Category=$part"
            run_tests "$part" Aistrale.IntegrationTests --filter-trait "Category=$part"
            ;;
    esac
    verdict
}
