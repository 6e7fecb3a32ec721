# Sourced by every recipe of the Makefile: where the tools are, and how cargo, trunk and npm behave.
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
export MOXXIE_TOOLS=${MOXXIE_TOOLS:-$HOME/.cache/moxxie-ui/tools}
export PATH="$MOXXIE_TOOLS/bin:$root/tests/node_modules/.bin:$PATH"
export CARGO_TERM_COLOR=never NO_COLOR=true
export PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD=1
# Trunk takes what is on PATH and asks nobody for a newer release.
export TRUNK_OFFLINE=true TRUNK_SKIP_VERSION_CHECK=true

# Where setup had to fall back to Debian's Rust it left a note saying so.
if [ -f "$MOXXIE_TOOLS/rust.env" ]; then . "$MOXXIE_TOOLS/rust.env"; fi

first_of() {
  local candidate
  for candidate in "$@"; do
    if [ -n "$candidate" ] && command -v "$candidate"; then return; fi
  done
}
CHROMIUM=${CHROMIUM:-$(first_of chromium chromium-browser google-chrome)}
CHROMEDRIVER=${CHROMEDRIVER:-$(first_of chromedriver "${CHROMEWEBDRIVER:-}/chromedriver")}
export CHROMIUM CHROMEDRIVER

# The browser tests of Rust code.
export CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUNNER=wasm-bindgen-test-runner
export WASM_BINDGEN_TEST_WEBDRIVER_JSON="$root/.ci/webdriver.json"
export WASM_BINDGEN_TEST_TIMEOUT=120
