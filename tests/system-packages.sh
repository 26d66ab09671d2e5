#!/usr/bin/env bash
# The outside programs that tests use: installs them as root on Debian or Ubuntu, else says how.
set -u

declare -A package_of=(
  [tesseract]="tesseract-ocr tesseract-ocr-nld tesseract-ocr-fra tesseract-ocr-deu tesseract-ocr-eng"
  [pdftotext]="poppler-utils"
  [chromium]="chromium"
  [pg_ctl]="postgresql"
)
packages=()
for program in "${!package_of[@]}"; do
  if [ "$program" = pg_ctl ]; then
    compgen -G '/usr/lib/postgresql/*/bin/pg_ctl' >/dev/null && continue
  elif [ "$program" = tesseract ]; then
    languages=$(tesseract --list-langs 2>/dev/null)
    grep -qx nld <<<"$languages" && grep -qx fra <<<"$languages" && grep -qx deu <<<"$languages" \
      && grep -qx eng <<<"$languages" && continue
  else
    command -v "$program" >/dev/null && continue
  fi
  packages+=(${package_of[$program]})
done
[ ${#packages[@]} -eq 0 ] && exit 0

install="apt-get install --yes --no-install-recommends ${packages[*]}"
if [ "$(id -u)" -eq 0 ] && command -v apt-get >/dev/null; then
  echo "Installing what the tests use: ${packages[*]}"
  # PostgreSQL's package would start a server of its own; the tests start theirs.
  if apt-get update -qq && DEBIAN_FRONTEND=noninteractive $install -qq >/dev/null; then
    exit 0
  fi
  echo "That did not work."
fi
cat <<TEXT
=====================================================================
SOME TESTS WILL BE SKIPPED: ${packages[*]}
are not installed. To run every test, as root:
    apt-get update && $install
=====================================================================
TEXT
