#!/bin/sh
# Fuzzes a reader of foreign files with libFuzzer and the address sanitiser.
#
#   Tests/Fuzzing/fuzz.sh safetensors|zip|pickle|pytorch [SECONDS]
#
# Inputs begin with Tests/Fixtures/fuzz/READER; what is found goes to .build/fuzz. A crash leaves its input there,
# and the exit code says so. The inputs that are kept are read again by `swift test`.
set -eu
reader=${1:?which reader: safetensors, zip, pickle or pytorch}
seconds=${2:-600}
root=$(cd "$(dirname "$0")/../.." && pwd)
build="$root/.build/fuzz"
mkdir -p "$build/corpus-$reader"
cd "$build"

flags="-O -swift-version 6 -package-name poselab -parse-as-library -sanitize=fuzzer,address"
readers=$(find "$root/Sources/Interchange" -name '*.swift' ! -path '*/Weights/*')
# shellcheck disable=SC2086
swiftc $flags -emit-module -emit-library -static -module-name FileSystem -o libFileSystem.a \
  "$root"/Sources/FileSystem/*.swift
# shellcheck disable=SC2086
swiftc $flags -I . -emit-module -emit-library -static -module-name Interchange -o libInterchange.a $readers
# shellcheck disable=SC2086
swiftc $flags -I . -L . -lInterchange -lFileSystem -lswiftGlibc -D "READER_$(echo "$reader" | tr a-z A-Z)" -module-name Fuzz \
  -o "fuzz-$reader" "$root"/Tests/Fuzzing/Fuzz.swift "$root"/Tests/InterchangeTests/Support/HostileFiles.swift

exec "./fuzz-$reader" "corpus-$reader" "$root/Tests/Fixtures/fuzz/$reader" -max_total_time="$seconds" -timeout=10 \
  -rss_limit_mb=2048 -max_len=16384 -print_final_stats=1 -artifact_prefix="$build/$reader-"
