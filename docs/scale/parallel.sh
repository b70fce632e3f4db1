#!/usr/bin/env bash
# Embeds a folder on one machine, or on several by ssh, with GNU parallel.
#   docs/scale/parallel.sh DATA FEATURES MODELS [SHARDS] [AT_ONCE]
# With more machines: PARALLEL_SSH='--sshloginfile nodes.txt --wd /srv/likeness' (the folders under the same paths everywhere).
set -euo pipefail
cd "$(dirname "$0")/../.."
data=$1 features=$2 models=$3 shards=${4:-16} at_once=${5:-1}
# Before the shards start: each of them would build it, in the same folder.
npm run build
# shellcheck disable=SC2086
seq 0 $((shards - 1)) | parallel --jobs "$at_once" --retries 3 --joblog "$features.joblog" --resume-failed ${PARALLEL_SSH:-} \
  npm run --silent evaluate -- --data "$data" --models "$models" --features "$features" --shard "{}/$shards"
npm run --silent gallery -- check "$features"
