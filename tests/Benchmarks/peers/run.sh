#!/usr/bin/env bash
# Measures PyTorch, ONNX Runtime, tiny-dnn and FANN on the benchmark's workloads and prints one line per figure:
#   <peer> <workload> <metric> <unit> <median> <min> <max>
# Usage: run.sh [--threads n] [--cpus list] [--peers "name ..."] [--no-install] [W1 W2 ... cold]
# Figures go to the standard output, everything else to the error stream. A peer that cannot be installed, built or run
# is reported and skipped. README.md says what is measured.
set -uo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$here/../../.." && pwd)
work=$root/artifacts/peers # ignored by git
onnxruntime_version=1.30.0

threads=1 cpus="" install=yes
peers=(pytorch onnxruntime tiny-dnn fann)
workloads=()
while (($#)); do
    case $1 in
    --threads) threads=$2; shift ;;
    --cpus) cpus=$2; shift ;;
    --peers) read -ra peers <<<"$2"; shift ;;
    --no-install) install=no ;;
    W[0-9]*|cold) workloads+=("$1") ;;
    *) sed -n '2,6s/^# //p' "${BASH_SOURCE[0]}" >&2; exit 2 ;;
    esac
    shift
done
((${#workloads[@]})) || workloads=(W1 W2 W3 W4 W5 W6 W8 W9 cold)

say() { echo "$*" >&2; }

# Without a list, the last CPUs this process may use: the first ones serve most interrupts.
if [[ -z $cpus ]]; then
    allowed=$(taskset -cp $$ | sed 's/.*: //')
    cpus=$(for part in ${allowed//,/ }; do seq "${part%-*}" "${part#*-}"; done | tail -n "$threads" | paste -sd,)
fi
pin() { taskset -c "$cpus" "$@"; }

# Installs those of the Debian packages that are missing.
need_packages() {
    local missing=() p
    for p in "$@"; do dpkg -s "$p" >/dev/null 2>&1 || missing+=("$p"); done
    ((${#missing[@]})) || return 0
    [[ $install == yes ]] || { say "missing packages: ${missing[*]}"; return 1; }
    local as_root=()
    ((EUID == 0)) || as_root=(sudo)
    local get=("${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=300)
    # A fresh machine has no package lists yet.
    "${get[@]}" install -y --no-install-recommends "${missing[@]}" >&2 ||
        { "${get[@]}" update >&2 && "${get[@]}" install -y --no-install-recommends "${missing[@]}" >&2; }
}

# Each of the following prepares one peer and fails if it cannot.

prepare_pytorch() {
    # PyTorch takes its matrix products from the system's BLAS: the reference one would be 30 times slower.
    need_packages python3-torch libopenblas0-pthread && /usr/bin/python3 -c 'import torch'
}

prepare_onnxruntime() {
    local package=$work/npm/node_modules/onnxruntime-node arch
    need_packages python3-onnx gcc || return
    if [[ $(sed -n 's/.*"version": "\(.*\)".*/\1/p' "$package/package.json" 2>/dev/null) != "$onnxruntime_version" ]]; then
        [[ $install == yes ]] || { say "missing npm package: onnxruntime-node"; return 1; }
        mkdir -p "$work/npm"
        # The install script only fetches what graphics cards need.
        npm install --prefix "$work/npm" --no-audit --no-fund --ignore-scripts \
            "onnxruntime-node@$onnxruntime_version" >&2 || return
    fi
    arch=$(uname -m | sed 's/x86_64/x64/; s/aarch64/arm64/')
    onnxruntime_library=$(find "$package/bin" -path "*/linux/$arch/libonnxruntime.so*" | head -n 1)
    [[ -n $onnxruntime_library ]] || { say "no native library for $arch"; return 1; }
    local program
    for program in ort_bench ort_cold; do
        gcc -std=gnu11 -O3 -march=native -o "$work/$program" "$here/$program.c" "$onnxruntime_library" \
            -Wl,-rpath,"$(dirname "$onnxruntime_library")" -lm || return
    done
    mkdir -p "$work/models"
    local names=("${workloads[@]/cold/W2}")
    /usr/bin/python3 "$here/ort_models.py" "$work/models" "${names[@]}"
}

prepare_tiny-dnn() {
    need_packages tiny-dnn libcereal-dev libstb-dev libgemmlowp-dev g++ || return
    # Debian's tiny-dnn still looks for stb where the upstream archive keeps it.
    mkdir -p "$work/include/third_party"
    ln -sfn /usr/include/stb "$work/include/third_party/stb"
    # -ffast-math lets the compiler vectorise the sums of the kernels that have no intrinsics. -w: the headers are old.
    local flags=(-std=c++14 -O3 -march=native -ffast-math -w "-I$work/include" -DCNN_USE_AVX -DCNN_USE_SSE -DCNN_NO_SERIALIZATION)
    local parallel=(-DCNN_SINGLE_THREAD)
    ((threads == 1)) || parallel=(-DCNN_USE_OMP -fopenmp)
    g++ "${flags[@]}" "${parallel[@]}" -o "$work/tinydnn_bench" "$here/tinydnn_bench.cpp" -lpthread || return
    # The cold program brings its C++ runtime and shares only libc, as a NativeAOT program does.
    g++ "${flags[@]}" -DCNN_SINGLE_THREAD -s -static-libstdc++ -static-libgcc -ffunction-sections -fdata-sections \
        -Wl,--gc-sections -o "$work/tinydnn_cold" "$here/tinydnn_cold.cpp" -lpthread
}

prepare_fann() {
    ((threads == 1)) || { say "FANN has one thread"; return 1; }
    need_packages libfann-dev gcc && gcc -std=gnu11 -O3 -march=native -o "$work/fann_bench" "$here/fann_bench.c" -lfloatfann -lm
}

# Each of the following prints the lines of one peer for one workload.

measure_pytorch() { pin /usr/bin/python3 "$here/pytorch_bench.py" "$threads" "$1"; }

measure_onnxruntime() {
    local mode model what items
    while IFS='|' read -r mode model what items; do
        pin "$work/ort_bench" "$threads" "$mode" "$work/models/$model.onnx" "$what" "$items" || return
    done <"$work/models/$1.figures"
}

measure_tiny-dnn() { pin "$work/tinydnn_bench" "$1"; }

measure_fann() { pin "$work/fann_bench" "$1"; }

cold_pytorch() { pin "$work/coldstart" pytorch /usr/bin/python3 "$here/pytorch_cold.py"; }

# The size is what must be shipped to run: the program and the library, without the model.
cold_onnxruntime() {
    pin "$work/coldstart" onnxruntime "$work/ort_cold" "$work/models/W2.predict1.onnx" &&
        echo "onnxruntime cold size bytes $(($(stat -c %s "$work/ort_cold") + $(stat -Lc %s "$onnxruntime_library")))"
}

cold_tiny-dnn() {
    pin "$work/coldstart" tiny-dnn "$work/tinydnn_cold" &&
        echo "tiny-dnn cold size bytes $(stat -c %s "$work/tinydnn_cold")"
}

cold_fann() { say "fann cold: skipped, FANN cannot express W2"; }

mkdir -p "$work"
gcc -std=gnu11 -O3 -march=native -o "$work/coldstart" "$here/coldstart.c" || say "coldstart: not built"

# BLAS and OpenMP read their number of threads at start.
export OMP_NUM_THREADS=$threads OPENBLAS_NUM_THREADS=$threads
# Keeps the source folder free of compiled Python.
export PYTHONDONTWRITEBYTECODE=1

ready=()
for peer in "${peers[@]}"; do
    declare -F "prepare_$peer" >/dev/null || { say "$peer: unknown"; exit 2; }
    if "prepare_$peer"; then ready+=("$peer"); else say "$peer: skipped, it could not be prepared"; fi
done
say "threads $threads, cpus $cpus, peers ${ready[*]-none}, workloads ${workloads[*]}"

# Workload by workload, so that a slow spell of a shared machine hits all peers alike.
for w in "${workloads[@]}"; do
    for peer in ${ready[@]+"${ready[@]}"}; do
        if [[ $w == cold ]]; then "cold_$peer"; else "measure_$peer" "$w"; fi || say "$peer $w: failed"
    done
done
