#!/bin/bash
# Starts a Slurm cluster of one node on this machine's loopback: munged, slurmctld, slurmd.
# usage: loopback.sh start|stop FOLDER
# After `start`, SLURM_CONF=FOLDER/slurm.conf makes Slurm's commands talk to it. Everything it writes is in FOLDER.
set -eu

command=$1
folder=$2

stop() {
  for daemon in slurmd slurmctld munged; do
    if [ -f "$folder/$daemon.pid" ]; then
      # Their parent may have had signals blocked, so that they hear no other.
      kill -KILL "$(cat "$folder/$daemon.pid")" 2>/dev/null || true
    fi
  done
}

if [ "$command" = stop ]; then
  stop
  exit 0
fi

# What was open for the caller is not for the daemons: it would wait for their end.
for descriptor in /proc/$$/fd/*; do
  number=${descriptor##*/}
  case $number in 0 | 1 | 2 | 255) ;; *) eval "exec $number>&-" ;; esac
done

umask 022
mkdir -p "$folder/state" "$folder/spool" "$folder/munge"
chmod 755 "$folder"
host=$(hostname -s)
user=$(id -un)
# Two free ports.
ports=$(perl -MIO::Socket::INET -e '
  @sockets = map { IO::Socket::INET->new(Listen => 1, LocalAddr => "127.0.0.1") } 1..2;
  print join(" ", map { $_->sockport } @sockets)')
controller=${ports% *}
node=${ports#* }

dd if=/dev/urandom of="$folder/munge/key" bs=1024 count=1 2>/dev/null
chmod 400 "$folder/munge/key"
cat > "$folder/slurm.conf" <<CONF
ClusterName=loopback
SlurmctldHost=$host(127.0.0.1)
SlurmctldPort=$controller
SlurmdPort=$node
SlurmUser=$user
SlurmdUser=$user
AuthType=auth/munge
AuthInfo=socket=$folder/munge/socket
CredType=cred/munge
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
JobAcctGatherType=jobacct_gather/none
AccountingStorageType=accounting_storage/none
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU
MpiDefault=none
ReturnToService=2
KillWait=5
StateSaveLocation=$folder/state
SlurmdSpoolDir=$folder/spool
SlurmctldPidFile=$folder/slurmctld.pid
SlurmdPidFile=$folder/slurmd.pid
SlurmctldLogFile=$folder/slurmctld.log
SlurmdLogFile=$folder/slurmd.log
SlurmdParameters=config_overrides
NodeName=$host NodeAddr=127.0.0.1 CPUs=2 RealMemory=1000 State=UNKNOWN
PartitionName=main Nodes=ALL Default=YES MaxTime=INFINITE State=UP
PartitionName=side Nodes=ALL MaxTime=INFINITE State=UP
CONF
export SLURM_CONF="$folder/slurm.conf"

munged --force --socket="$folder/munge/socket" --key-file="$folder/munge/key" \
  --pid-file="$folder/munged.pid" --log-file="$folder/munge/log" --seed-file="$folder/munge/seed"
slurmctld -i >"$folder/slurmctld.out" 2>&1
slurmd >"$folder/slurmd.out" 2>&1
tries=0
until sinfo --noheader --format=%T 2>/dev/null | grep -q idle; do
  tries=$((tries + 1))
  if [ $tries -gt 100 ]; then
    echo "the loopback cluster does not come up; see $folder/*.log" >&2
    stop
    exit 1
  fi
  sleep 0.2
done
