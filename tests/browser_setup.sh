#!/usr/bin/env bash
# Has Chromium and Chinese fonts ready for the browser tests: installs Debian's where that is allowed, says in one line when
# it is not. Never fails: without a browser those tests are skipped. The Chromium without windows is wanted, since a page takes
# it half the processor; where it cannot be had, any other serves.
set -u
shell=() fonts=() any=()
command -v chromium-headless-shell >/dev/null || shell=(chromium-headless-shell)
[ -n "$(command -v fc-list >/dev/null && fc-list :lang=zh-cn family)" ] || fonts=(fonts-noto-cjk)
command -v chromium >/dev/null || command -v chromium-browser >/dev/null || command -v google-chrome >/dev/null || any=(chromium)
[ $((${#shell[@]} + ${#fonts[@]})) -eq 0 ] && exit 0
# What must be there if the Chromium without windows is not.
[ ${#shell[@]} -eq 0 ] && any=()
least=("${any[@]}" "${fonts[@]}")

left() {
  [ ${#least[@]} -eq 0 ] && echo "Browser tests use the Chromium that is here: $1."
  [ ${#least[@]} -eq 0 ] || echo "Browser tests are skipped: $1 (missing: ${least[*]})."
  exit 0
}
command -v apt-get >/dev/null || left "not a Debian system, install more yourself"
as_root=()
if [ "$(id -u)" -ne 0 ]; then
  sudo -n true 2>/dev/null || left "neither root nor sudo without a password"
  as_root=(sudo -n)
fi
echo "Installing from Debian for the browser tests: ${shell[*]} ${fonts[*]}"
log=$(mktemp)
install() { "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends "$@" >>"$log" 2>&1; }
install "${shell[@]}" "${fonts[@]}" ||
  { "${as_root[@]}" apt-get update -q >>"$log" 2>&1; install "${shell[@]}" "${fonts[@]}"; } ||
  { [ ${#least[@]} -gt 0 ] && install "${least[@]}"; } ||
  left "apt-get could not install more, see $log"
rm -f "$log"
