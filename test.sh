#!/usr/bin/env bash
# Restores, builds and tests everything; the last line says how many tests passed and failed. The same command runs in CI.
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")" || exit 1

usage() {
  cat <<'TEXT'
usage: ./test.sh [--filter EXPRESSION]

Restores (locked), builds Release once, and runs every test project. The last line is "N passed, N failed", with ", N skipped" where
tests were skipped. The exit code is 0 only where nothing failed.

  --filter X   only tests that match, as in dotnet test --filter: --filter ReplayTests, --filter "FullyQualifiedName~Htu"
  --help       this text

With CI=true a skipped test counts as failed. Needs the .NET SDK 10; Node.js 18 or later with npm for the foreign clients, and Chromium for those with a person in
front of them; nginx, HAProxy, Caddy, Apache with mod_oauth2 and lua-socket, and curl for what is run with real proxies; PostgreSQL for what nodes share. All but
the SDK is installed with apt where that is allowed (as root). What is missing after that, the tests that need it are skipped.
TEXT
}

filter=""
while (($#)); do
  case "$1" in
    --filter) [[ $# -ge 2 && -n "$2" ]] || { echo "test.sh: --filter needs an expression" >&2; exit 2; }; filter="$2"; shift 2 ;;
    --help | -h) usage; exit 0 ;;
    *) echo "test.sh: unknown option '$1'" >&2; usage >&2; exit 2 ;;
  esac
done

passed=0 failed=0 skipped=0 policy=""
results="$(mktemp -d "${TMPDIR:-/tmp}/holdfast-tests.XXXXXX")" || exit 1
finish() {
  rm -rf "$results" ${policy:+"$policy"}
  if ((skipped > 0)); then echo "$passed passed, $failed failed, $skipped skipped"; else echo "$passed passed, $failed failed"; fi
  ((failed == 0 && passed > 0)) && exit 0
  exit 1
}
stop() { echo "test.sh: $1" >&2; failed=$((failed + 1)); finish; }
trap 'stop interrupted' INT TERM

export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 DOTNET_CLI_UI_LANGUAGE=en MSBUILDDISABLENODEREUSE=1

# --- What is needed ---
command -v dotnet >/dev/null || stop "the .NET SDK 10 is missing: https://dot.net/download"
dotnet --version >/dev/null || stop "no .NET SDK that fits global.json is installed (see above)"

# With apt, as root; one by one where not all of them exist. Some would start a service of their own: a policy forbids it meanwhile.
apt_install() {
  [[ $(id -u) == 0 ]] && command -v apt-get >/dev/null || return 0
  echo "installing $* with apt"
  if [[ ! -e /usr/sbin/policy-rc.d ]]; then
    policy=/usr/sbin/policy-rc.d
    printf '#!/bin/sh\nexit 101\n' >"$policy" && chmod +x "$policy"
  fi
  local get=(env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends) package
  { apt-get update -qq; "${get[@]}" "$@" || for package in "$@"; do "${get[@]}" "$package"; done; } >"$results/apt.log" 2>&1 || tail -n 5 "$results/apt.log"
  [[ -z "$policy" ]] || { rm -f "$policy"; policy=""; }
}
here() { command -v "$1" >/dev/null || [[ -x "/usr/sbin/$1" ]]; }
node_is_fit() { here node && here npm && (($(node -p 'process.versions.node.split(".")[0]' 2>/dev/null || echo 0) >= 18)); }

wanted=()
here node || wanted+=(nodejs npm)
here nginx || wanted+=(nginx-light)
here haproxy || wanted+=(haproxy)
here caddy || wanted+=(caddy)
here apache2 || wanted+=(apache2)
[[ -e /usr/lib/apache2/modules/mod_oauth2.so ]] || wanted+=(libapache2-mod-oauth2)
compgen -G '/usr/lib/*/lua/5.3/socket/core.so' >/dev/null || wanted+=(lua-socket)
here curl || wanted+=(curl)
here_chromium() { here chromium || here chromium-browser; }
here_chromium || wanted+=(chromium)
here_postgres() { here postgres || compgen -G '/usr/lib/postgresql/*/bin/postgres' >/dev/null; }
here_postgres || wanted+=(postgresql)
here_softhsm() { here softhsm2-util && here pkcs11-tool && compgen -G '/usr/lib/*/engines-3/pkcs11.so' >/dev/null; }
here_softhsm || wanted+=(softhsm2 opensc libengine-pkcs11-openssl)
((${#wanted[@]} == 0)) || apt_install "${wanted[@]}"

for program in nginx haproxy caddy apache2 curl; do here "$program" || echo "missing: $program. The tests that run it are skipped."; done
here_chromium || echo "missing: chromium. The tests with a real browser are skipped."
here_postgres || echo "missing: PostgreSQL. The tests of what nodes share are skipped."
here_softhsm || echo "missing: SoftHSM2, OpenSC or the OpenSSL engine pkcs11. The tests of signing keys in a module are skipped."
if ! node_is_fit; then
  echo "missing: Node.js 18 or later with npm. The tests with foreign clients and of the vectors' schema are skipped."
else
  for folder in tests/npm samples/browser-app; do
    npm ci --prefix "$folder" --no-audit --no-fund >"$results/npm.log" 2>&1 && continue
    tail -n 20 "$results/npm.log"
    echo "missing: the packages of $folder (npm ci failed, see above). The tests that need them are skipped."
  done
fi

# --- Restore and build, once ---
run() { "$@" >"$results/build.log" 2>&1 || { grep -E 'error|warn' "$results/build.log" | sort -u | head -n 60; tail -n 15 "$results/build.log"; return 1; }; }
started=$SECONDS
run dotnet restore Holdfast.slnx --locked-mode || stop "restore failed"
run dotnet build Holdfast.slnx -c Release --no-restore --nologo -v q || stop "the build failed"
echo "built ($((SECONDS - started)) s)"

# --- Test: one project after the other, each with results of its own, so that a vanished file is noticed ---
counter() { sed -n "s/.*<Counters [^>]*\\b$1=\"\\([0-9]*\\)\".*/\\1/p" "$2" | head -n 1; }
for project in tests/*.Tests/*.csproj; do
  name="$(basename "$project" .csproj)" started=$SECONDS p=0 f=0 s=0
  arguments=(test "$project" -c Release --no-build --nologo --logger "trx;LogFilePrefix=t" --results-directory "$results/$name"
    --blame-hang-timeout 8m --blame-hang-dump-type none)
  if [[ -n "$filter" ]]; then arguments+=(--filter "$filter"); else arguments+=(-- RunConfiguration.TreatNoTestsAsError=true); fi
  dotnet "${arguments[@]}" >"$results/$name.log" 2>&1 </dev/null
  code=$?
  reports=0
  while IFS= read -r -d '' report; do
    total="$(counter total "$report")" executed="$(counter executed "$report")" good="$(counter passed "$report")"
    [[ -n "$total" && -n "$executed" && -n "$good" ]] || continue
    reports=$((reports + 1)) p=$((p + good)) f=$((f + executed - good)) s=$((s + total - executed))
  done < <(find "$results/$name" -name '*.trx' -print0 2>/dev/null)
  # A host that crashed or a report that vanished has counted nothing: at least one failure.
  if ((f == 0)) && { ((code != 0)) || { ((reports == 0)) && [[ -z "$filter" ]]; }; }; then f=1; fi
  if [[ "${CI:-}" == true ]] && ((s > 0)); then
    echo "with CI=true skipped tests count as failed"
    f=$((f + s)) s=0
  fi
  if ((f > 0)); then grep -vE '^\s*(Passed|Skipped) ' "$results/$name.log" | tail -n 400; fi
  echo "$name: $p passed, $f failed, $s skipped ($((SECONDS - started)) s)"
  passed=$((passed + p)) failed=$((failed + f)) skipped=$((skipped + s))
done
finish
