#!/usr/bin/env bash
# sbatch --array=0-15 docs/scale/slurm.sh DATA FEATURES MODELS
# A task that was ended (time limit, preemption) is put back into the queue and goes on behind its last whole part.
#SBATCH --job-name=likeness
#SBATCH --cpus-per-task=8
#SBATCH --mem=12G
#SBATCH --gpus-per-task=1
#SBATCH --time=04:00:00
#SBATCH --requeue
#SBATCH --open-mode=append
set -euo pipefail
cd "${LIKENESS_DIR:-$SLURM_SUBMIT_DIR}"
# Build before sbatch (npm run build): the tasks share the folder.
exec npm run --silent evaluate -- --data "$1" --models "$3" --features "$2" \
  --shard "$SLURM_ARRAY_TASK_ID/$SLURM_ARRAY_TASK_COUNT"
