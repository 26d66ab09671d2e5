#!/usr/bin/env bash
# The outside programs that Terugblik uses (`system-packages.sh run`), or its tests (`system-packages.sh tests`).
# Installs those that are missing, as root on Debian or Ubuntu, else says how. It always lets the caller go on.
set -u

case "${1:-}" in
  run)
    programs=(tesseract)
    purpose="Tesseract, which reads scanned pages (make run OCR=no leaves it out)"
    loss="SCANNED PAGES STAY UNREAD: Tesseract is not installed."
    ;;
  tests)
    programs=(tesseract pdftotext chromium pg_ctl)
    purpose="what the tests use"
    loss="SOME TESTS WILL BE SKIPPED: programs that they use are not installed."
    ;;
  *)
    echo "usage: system-packages.sh run|tests" >&2
    exit 2
    ;;
esac

declare -A packages_of=(
  [tesseract]="tesseract-ocr tesseract-ocr-nld tesseract-ocr-fra tesseract-ocr-deu tesseract-ocr-eng"
  [pdftotext]="poppler-utils"
  [chromium]="chromium"
  [pg_ctl]="postgresql"
)

is_here() {
  local language languages
  case "$1" in
    tesseract)
      languages=$(tesseract --list-langs 2>/dev/null)
      for language in nld fra deu eng; do
        grep -qx "$language" <<<"$languages" || return 1
      done
      ;;
    chromium) command -v chromium-headless-shell chromium >/dev/null ;;
    pg_ctl) compgen -G '/usr/lib/postgresql/*/bin/pg_ctl' >/dev/null ;;
    *) command -v "$1" >/dev/null ;;
  esac
}

# The packages of the programs that are not here.
missing() {
  local program packages=()
  for program in "${programs[@]}"; do
    is_here "$program" || packages+=("${packages_of[$program]}")
  done
  echo "${packages[*]}"
}

can_install() {
  [ "$(id -u)" -eq 0 ] && command -v apt-get >/dev/null
}

# Where no server answers, it is given up soon: the caller waits.
update_lists() {
  apt-get update -qq -o Acquire::Retries=0 -o Acquire::http::Timeout=20 -o Acquire::https::Timeout=20
}

install() {
  echo "Installing $purpose: $*"
  DEBIAN_FRONTEND=noninteractive apt-get install --yes --no-install-recommends -qq "$@" >/dev/null
}

# In the browser without windows a page opens in a third of the time. Where there is none, chromium will do.
install_lighter_browser() {
  [[ " ${programs[*]} " == *" chromium "* ]] && ! command -v chromium-headless-shell >/dev/null \
    && apt-cache show chromium-headless-shell &>/dev/null && install chromium-headless-shell
}

packages=$(missing)
if can_install; then
  [ -z "$packages" ] || update_lists
  install_lighter_browser
  packages=$(missing)
  if [ -n "$packages" ]; then
    install $packages
    packages=$(missing)
    [ -z "$packages" ] || echo "That did not work."
  fi
fi
[ -z "$packages" ] && exit 0
cat <<TEXT
=====================================================================
$loss As root on Debian or Ubuntu:
    apt-get update && apt-get install --yes --no-install-recommends $packages
=====================================================================
TEXT
