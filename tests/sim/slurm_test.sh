#!/bin/sh
# A sweep as a job array of a real Slurm on this one machine: a worker is killed in the middle, its task is
# submitted again, and the merged results are those of the sweep in one piece.
# Usage: slurm_test.sh PROGRAM SOURCE-FOLDER, as root, with the packages slurm-wlm and munge.
program=$1
source=$2
for tool in slurmctld slurmd munged mungekey sbatch sinfo; do
    if ! command -v "$tool" >/dev/null; then
        echo "FAIL: there is no $tool (packages slurm-wlm and munge)"
        exit 1
    fi
done
if [ "$(id -u)" -ne 0 ]; then
    if [ "${SYNCSIM_REQUIRE:-}" = all ]; then
        echo "FAIL: Slurm's daemons want to be root, and SYNCSIM_REQUIRE=all demands them"
        exit 1
    fi
    echo "SKIPPED: Slurm's daemons want to be root"
    exit 0
fi
folder=$(mktemp -d) || exit 1
chmod 755 "$folder"
cd "$folder" || exit 1
clean_up() {
    for pid in ctld.pid d.pid munge.pid; do
        [ -f "$pid" ] && kill "$(cat "$pid")" 2>/dev/null
    done
    sleep 1
    cd / && rm -rf "$folder"
}
trap clean_up EXIT

host=$(uname -n) # hostname -s fails where the name does not resolve
host=${host%%.*}
mkdir state spool munge
port=$((20000 + $$ % 20000))
cat >slurm.conf <<CONF
ClusterName=t
SlurmctldHost=$host(127.0.0.1)
SlurmUser=root
AuthType=auth/munge
AuthInfo=socket=$folder/munge/socket
CryptoType=crypto/munge
SlurmctldPort=$port
SlurmdPort=$((port + 1))
StateSaveLocation=$folder/state
SlurmdSpoolDir=$folder/spool
SlurmctldPidFile=$folder/ctld.pid
SlurmdPidFile=$folder/d.pid
SlurmctldLogFile=$folder/ctld.log
SlurmdLogFile=$folder/d.log
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
ReturnToService=2
MpiDefault=none
NodeName=$host NodeAddr=127.0.0.1 CPUs=$(nproc) State=UNKNOWN
PartitionName=p Nodes=$host Default=YES MaxTime=INFINITE State=UP
CONF
export SLURM_CONF="$folder/slurm.conf"
chown munge "$folder/munge"
chmod 755 "$folder/munge"
key=$folder/munge/key
mungekey -c -k "$key" || exit 1
chown munge "$key"
runuser -u munge -- munged --key-file="$key" --socket="$folder/munge/socket" --pid-file="$folder/munge/pid" \
    --log-file="$folder/munge/log" --seed-file="$folder/munge/seed" --force || exit 1
ln -s munge/pid munge.pid
if ! slurmctld || ! slurmd; then
    echo "FAIL: a daemon of Slurm does not start"
    tail -n 20 ctld.log d.log
    exit 1
fi
for _ in $(seq 1 60); do
    sinfo -h -o '%t' 2>/dev/null | grep -q '^idle' && break
    sleep 0.5
done
if ! sinfo -h -o '%t' | grep -q '^idle'; then
    echo "FAIL: the node does not become idle"
    tail -n 20 ctld.log d.log
    exit 1
fi

cp "$source/scenarios/worlds/three_devices_share_a_list.lua" world.lua
seeds=1..1200
"$program" sweep world.lua --dialect mobile-apps --seeds $seeds -o whole.jsonl >whole.out 2>&1
"$program" merge -o whole.merged whole.jsonl >/dev/null || exit 1

submit() { # TASKS: runs them as an array, waits for the end
    SYNCSIM=$program SYNCSIM_ARGUMENTS="world.lua --dialect mobile-apps --seeds $seeds" \
        sbatch --quiet --wait --array="$1" --chdir="$folder" "$source/sim/run/sweep.slurm" >>sbatch.out 2>&1
}
submit 0-3 &
waiting=$!
killed=no
for _ in $(seq 1 300); do # one task's program is killed while it works
    if [ -s results-1.jsonl ]; then
        pkill -KILL -f 'o results-1.jsonl' && killed=yes
        break
    fi
    sleep 0.05
done
wait $waiting
first=$(cat results-*.jsonl | grep -c '"seed"')
echo "first submission: $first of 1200 runs, killed: $killed"
submit 0-3
cat slurm-*.out | grep -q '(Slurm array)' || { echo "FAIL: the part does not come from the array"; cat slurm-*.out; exit 1; }
"$program" merge -o parts.merged results-*.jsonl >merge.out || exit 1
tail -n 2 merge.out
if [ $killed = no ] || ! cmp -s parts.merged whole.merged; then
    echo "FAIL: the array's results are not those of the whole sweep"
    exit 1
fi
echo "the merged results of the array are those of the sweep in one piece"
