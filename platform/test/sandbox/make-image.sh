#!/usr/bin/env bash
# Makes an image of a few programs of this machine, with what they need: a shell, Python and Node. No registry is asked.
# make-image.sh NAME NODE
set -euo pipefail
name=$1
node=$2
if podman image exists "$name"; then exit 0; fi

programs=(sh dash ls cat echo printf head tail seq sleep yes true touch mkdir mkfifo mknod rm cp mv ln chmod readlink basename id env grep
  sed tr wc sort date timeout find dd setsid nohup mount umount unshare kill rmdir stat su passwd python3)
root=$(mktemp -d)
trap 'rm -rf "$root"' EXIT
mkdir -p "$root"/usr/bin "$root"/usr/local/bin "$root"/etc "$root"/tmp "$root"/proc "$root"/dev "$root"/sys "$root"/workspace
chmod 1777 "$root/tmp"
for each in bin lib lib64; do mkdir -p "$root/usr/$each"; ln -s "usr/$each" "$root/$each"; done

files=("$node")
for program in "${programs[@]}"; do
  # Not along the path of whoever runs this: that may lead to a wrapper in a home.
  file=$(PATH=/usr/bin:/bin command -v "$program" || true)
  case $file in /*) files+=("$file") ;; esac
done
for file in "${files[@]}"; do
  target=/usr/bin/$(basename "$file")
  [ "$file" = "$node" ] && target=/usr/local/bin/node
  cp -L "$file" "$root$target"
done
version=$(/usr/bin/python3 -c 'import sys; print("python%d.%d" % sys.version_info[:2])')
ldd "${files[@]}" "/usr/lib/$version"/lib-dynload/*.so 2>/dev/null | sed -nE 's/^\s+(.* => )?(\/[^ ]+) \(0x.*/\2/p' | sort -u | while read -r library; do
  mkdir -p "$root$(dirname "$(realpath -s "$library")" | sed 's|^/lib|/usr/lib|')"
  cp -L "$library" "$root$(realpath -s "$library" | sed 's|^/lib|/usr/lib|')"
done
mkdir -p "$root/usr/lib/$version"
tar -C "/usr/lib/$version" --exclude=test --exclude=dist-packages --exclude=__pycache__ --exclude='config-*' -cf - . | tar -C "$root/usr/lib/$version" -xf -
printf 'root:x:0:0:root:/:/bin/false\nagent:x:2000:2000:agent:/workspace:/bin/sh\n' >"$root/etc/passwd"
printf 'root:x:0:\nagent:x:2000:\n' >"$root/etc/group"
tar -C "$root" --owner=0 --group=0 -cf - . | podman import - "$name" >/dev/null
