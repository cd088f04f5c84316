#!/bin/sh
# Fuzzes a reader of foreign files with libFuzzer and the address sanitiser.
#
#   Tests/Fuzzing/fuzz.sh safetensors|zip|pickle|pytorch|onnx|cvat|labelme|coco|results|yolo [SECONDS]
#
# Inputs begin with Tests/Fixtures/fuzz/READER; what is found goes to .build/fuzz. A crash leaves its input there,
# and the exit code says so. The inputs that are kept are read again by `swift test`.
set -eu
reader=${1:?which reader: safetensors, zip, pickle, pytorch, onnx, cvat, labelme, coco, results or yolo}
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
if [ "$reader" = cvat ] || [ "$reader" = labelme ]; then
  # The readers alone, with what they know of keypoints.
  # shellcheck disable=SC2086
  swiftc $flags -emit-module -emit-library -static -module-name PoseCore -o libPoseCore.a \
    "$root"/Sources/PoseCore/Domain/Keypoint.swift
  libraries="-lPoseCore -lFoundation -lFoundationEssentials"
  extra=$(find "$root"/Sources/Annotations/CVAT "$root"/Sources/Annotations/Labelme "$root"/Sources/Annotations/Model -name '*.swift')
elif [ "$reader" = coco ] || [ "$reader" = results ] || [ "$reader" = yolo ]; then
  # The readers alone, on one thread.
  echo 'package enum ThreadTeam { package static func run(_ body: (Int, Int) -> Void) { body(0, 1) } }' >ThreadTeam.swift
  module() {
    name=$1
    shift
    # shellcheck disable=SC2086
    swiftc $flags -I . -emit-module -emit-library -static -module-name "$name" -o "lib$name.a" "$@"
  }
  module PoseCore ThreadTeam.swift "$root"/Sources/PoseCore/Domain/Box.swift \
    "$root"/Sources/PoseCore/Domain/Instance.swift "$root"/Sources/PoseCore/Domain/Keypoint.swift
  if [ "$reader" = yolo ]; then
    echo 'public struct Image { public let width, height: Int }' >Image.swift
    module Imaging Image.swift "$root"/Sources/Imaging/Geometry/ImageSize.swift
    module Config "$root"/Sources/Config/Diagnostics/*.swift
    libraries="-lConfig -lImaging -lPoseCore -lFoundation -lFoundationEssentials"
    labels="$root/Sources/Data/Labels"
    extra="$labels/DecimalNumber.swift $labels/LabelFaults.swift $labels/LabelTextParser.swift"
    extra="$extra $root/Sources/Data/Formats/LabelledObject.swift"
  else
    shim="$root/Sources/System/CSIMDJSON"
    mkdir -p CSIMDJSON
    echo "module CSIMDJSON { header \"$shim/include/CSIMDJSON.h\" }" >CSIMDJSON/module.modulemap
    clang++ -std=c++17 -O1 -fsanitize=fuzzer-no-link,address -I "$shim/include" -c "$shim/shim.cpp" -o shim.o
    flags="$flags -I CSIMDJSON"
    libraries="shim.o -lPoseCore -lsimdjson -lstdc++ -lFoundation -lFoundationEssentials"
    extra=$(find "$root/Sources/Data/COCO" -name '*.swift' ! -name 'EvaluationSet*' ! -name 'COCOResultsWriter.swift' \
      ! -name 'SigmaEstimate.swift')
  fi
elif [ "$reader" = onnx ]; then
  # The reader alone, without what writes; protobuf's sources are those that the package has fetched.
  protobuf="$root/.build/checkouts/swift-protobuf/Sources/SwiftProtobuf"
  echo 'public struct ONNXModel {}' >ONNXModel.swift
  module() {
    name=$1
    shift
    # shellcheck disable=SC2086
    swiftc $flags -suppress-warnings -I . -emit-module -emit-library -static -module-name "$name" -o "lib$name.a" "$@"
  }
  module SwiftProtobuf "$protobuf"/*.swift
  module ONNXProto "$root"/Sources/ONNXProto/*.swift
  module ONNX "$root"/Sources/ONNX/Reading/*.swift "$root"/Sources/ONNX/Metadata/PythonLiteral.swift ONNXModel.swift
  libraries="-lONNX -lONNXProto -lSwiftProtobuf -lFoundation -lFoundationEssentials"
  extra=""
else
  # shellcheck disable=SC2086
  swiftc $flags -I . -emit-module -emit-library -static -module-name Interchange -o libInterchange.a $readers
  libraries="-lInterchange"
  extra="$root/Tests/InterchangeTests/Support/HostileFiles.swift"
fi
# shellcheck disable=SC2086
swiftc $flags -I . -L . $libraries -lFileSystem -lswiftGlibc -D "READER_$(echo "$reader" | tr a-z A-Z)" -module-name Fuzz \
  -o "fuzz-$reader" "$root"/Tests/Fuzzing/Fuzz.swift $extra

exec "./fuzz-$reader" "corpus-$reader" "$root/Tests/Fixtures/fuzz/$reader" -max_total_time="$seconds" -timeout=10 \
  -rss_limit_mb=2048 -max_len=16384 -print_final_stats=1 -artifact_prefix="$build/$reader-"
