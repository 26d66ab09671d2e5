#!/usr/bin/env bash
# The outside programs that tests use: installs them as root on Debian or Ubuntu, else says how.
set -u

declare -A package_of=(
  [tesseract]="tesseract-ocr tesseract-ocr-nld tesseract-ocr-fra tesseract-ocr-deu tesseract-ocr-eng"
  [pdftotext]="poppler-utils"
  [chromium]="chromium"
  [pg_ctl]="postgresql"
)

# The packages of the programs that are not here.
missing() {
  local program packages=()
  for program in "${!package_of[@]}"; do
    if [ "$program" = pg_ctl ]; then
      compgen -G '/usr/lib/postgresql/*/bin/pg_ctl' >/dev/null && continue
    elif [ "$program" = tesseract ]; then
      languages=$(tesseract --list-langs 2>/dev/null)
      grep -qx nld <<<"$languages" && grep -qx fra <<<"$languages" && grep -qx deu <<<"$languages" \
        && grep -qx eng <<<"$languages" && continue
    elif [ "$program" = chromium ]; then
      command -v chromium-headless-shell chromium >/dev/null && continue
    else
      command -v "$program" >/dev/null && continue
    fi
    packages+=("${package_of[$program]}")
  done
  echo "${packages[*]}"
}

install() {
  echo "Installing what the tests use: $*"
  DEBIAN_FRONTEND=noninteractive apt-get install --yes --no-install-recommends -qq "$@" >/dev/null
}

packages=$(missing)
if [ "$(id -u)" -eq 0 ] && command -v apt-get >/dev/null; then
  [ -z "$packages" ] || apt-get update -qq
  # In the browser without windows a page opens in a third of the time. Where there is none, chromium will do.
  if ! command -v chromium-headless-shell >/dev/null && apt-cache show chromium-headless-shell &>/dev/null; then
    install chromium-headless-shell
    packages=$(missing)
  fi
  # PostgreSQL's package would start a server of its own; the tests start theirs.
  if [ -n "$packages" ]; then
    install $packages && exit 0
    echo "That did not work."
  fi
fi
[ -z "$packages" ] && exit 0
cat <<TEXT
=====================================================================
SOME TESTS WILL BE SKIPPED: $packages
are not installed. To run every test, as root:
    apt-get update && apt-get install --yes --no-install-recommends $packages
=====================================================================
TEXT
