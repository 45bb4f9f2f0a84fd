#!/usr/bin/env bash
# Has Chromium and Chinese fonts ready for the browser tests: installs Debian's where that is allowed, says in one line when
# it is not. Never fails: without a browser those tests are skipped.
set -u
missing=()
command -v chromium >/dev/null || command -v chromium-browser >/dev/null || command -v google-chrome >/dev/null || missing+=(chromium)
[ -n "$(command -v fc-list >/dev/null && fc-list :lang=zh-cn family)" ] || missing+=(fonts-noto-cjk)
[ ${#missing[@]} -eq 0 ] && exit 0

skipped() { echo "Browser tests are skipped: $1 (missing: ${missing[*]})."; exit 0; }
command -v apt-get >/dev/null || skipped "not a Debian system, install them yourself"
as_root=()
if [ "$(id -u)" -ne 0 ]; then
  sudo -n true 2>/dev/null || skipped "neither root nor sudo without a password"
  as_root=(sudo -n)
fi
echo "Installing from Debian for the browser tests: ${missing[*]}"
log=$(mktemp)
install() { "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends "${missing[@]}" >>"$log" 2>&1; }
install || { "${as_root[@]}" apt-get update -q >>"$log" 2>&1; install; } || skipped "apt-get could not install them, see $log"
rm -f "$log"
