#!/bin/bash
# Builds jpeg-turbo.wasm anew. It is part of the repository, as no package of npm brings a compiler for it.
#
# On Debian 12: apt-get install clang-16 lld-16 wasi-libc
# Usage: build.sh folder-of-libjpeg-turbo-2.1.5   (the .orig.tar.gz of Debian's libjpeg-turbo 1:2.1.5-2, unpacked, sha256
# 254f3642b04e309fee775123133c6464181addc150499561020312ec61c1bf7c; nothing in it is changed)
set -e
source=$(realpath "$1")
cd "$(dirname "$0")"
objects=$(mktemp -d)
trap 'rm -r "$objects"' EXIT
# The last two give the Huffman decoder 64 bits at once, which it has otherwise on processors alone whose pointers are as long.
compile="clang-16 --target=wasm32-wasi -Os -msimd128 -Wno-everything -I. -I$source -DNDEBUG -DNO_GETENV -DNO_PUTENV
  -DNEON_INTRINSICS -D__x86_64__ -D__ILP32__"
for name in jcomapi jdapimin jdapistd jdatasrc jdcoefct jdcolor jddctmgr jdhuff jdinput jdmainct jdmarker jdmaster \
  jdmerge jdphuff jdpostct jdsample jidctflt jidctfst jidctint jidctred jmemmgr jmemnobs jquant1 jquant2 jutils; do
  $compile -c "$source/$name.c" -o "$objects/$name.o"
done
for name in jdcolor jdsample jidctint jidctred; do
  $compile -c "$source/simd/arm/$name-neon.c" -o "$objects/$name-neon.o"
done
for name in decode jsimd; do $compile -c "$name.c" -o "$objects/$name.o"; done
wasm-ld-16 --no-entry --export=malloc --export=free --gc-sections --strip-all -O3 -z stack-size=65536 \
  -o jpeg-turbo.wasm "$objects"/*.o -L/usr/lib/wasm32-wasi -lc
