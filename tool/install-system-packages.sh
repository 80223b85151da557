#!/usr/bin/env bash
# Installs the system packages that the tests need and that are missing. Needs root and apt; otherwise says what to install.
set -euo pipefail

# One line each: what to look for (a program on the path, or a file pattern) and the Debian package that brings it.
needed=(
  "/usr/lib/postgresql/*/bin/postgres postgresql"
  "/usr/bin/redis-server redis-server"
  "/usr/bin/strace strace"
  "/usr/bin/chromium chromium"
  "/usr/bin/bwrap bubblewrap"
  "/usr/bin/python3 python3-minimal"
  "/usr/bin/podman podman"
  "/usr/sbin/runc runc"
)

present() { command -v "$(basename "$1")" >/dev/null 2>&1 || compgen -G "$1" >/dev/null; }

missing=()
for line in "${needed[@]}"; do
  read -r pattern package <<<"$line"
  present "$pattern" || missing+=("$package")
done
[ ${#missing[@]} -gt 0 ] || exit 0

if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null; then
  echo "The tests need packages that are not installed, and only root may install them here. Please run:" >&2
  echo "  sudo apt-get update && sudo apt-get install -y ${missing[*]}" >&2
  exit 1
fi

# Several test files may ask at once; apt would refuse all but the first.
exec 9>/tmp/batuta-install-system-packages.lock
if command -v flock >/dev/null; then flock 9; fi

echo "Installing ${missing[*]} with apt-get."
# The tests run servers of their own: the package shall not make and start one for the whole machine.
if [ ! -e /etc/postgresql-common/createcluster.conf ]; then
  mkdir -p /etc/postgresql-common
  echo "create_main_cluster = false" >/etc/postgresql-common/createcluster.conf
fi
export DEBIAN_FRONTEND=noninteractive UCF_FORCE_CONFFOLD=1
quiet() { "$@" >/tmp/install-system-packages.$$ 2>&1 </dev/null || { cat /tmp/install-system-packages.$$ >&2; return 1; }; rm -f /tmp/install-system-packages.$$; }
quiet apt-get update
quiet apt-get install -y --no-install-recommends "${missing[@]}"
