"""A Slurm of two nodes on this machine's loopback, with no systemd, cgroups or accounting database. Needs root."""

import os
import secrets
import shutil
import signal
import socket
import subprocess
import time
from pathlib import Path

PROGRAMS = ("munged", "slurmctld", "slurmd", "sbatch", "squeue", "scontrol", "scancel", "srun", "unshare")
CONF = """
ClusterName=loop
SlurmctldHost=localhost(127.0.0.1)
SlurmctldPort={port}
SlurmUser=root
SlurmdUser=root
AuthType=auth/munge
# A job of a lost node may begin again after cred_expire seconds.
AuthInfo=socket={folder}/munge/socket,cred_expire=10
CredType=cred/munge
# Listen on the loopback only.
CommunicationParameters=NoInAddrAny,NoCtldInAddrAny
SlurmctldPidFile={folder}/slurmctld.pid
SlurmctldLogFile={folder}/slurmctld.log
SlurmdPidFile={folder}/%n/slurmd.pid
SlurmdLogFile={folder}/%n/slurmd.log
SlurmdSpoolDir={folder}/%n
StateSaveLocation={folder}/state
MailProg=/bin/true
# Nothing that wants systemd, cgroups, PMIx or a database.
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
MpiDefault=none
SwitchType=switch/none
AccountingStorageType=accounting_storage/none
JobCompType=jobcomp/none
# Memory is read from /proc each second, and a job that takes more than it asked for is killed.
JobAcctGatherType=jobacct_gather/linux
JobAcctGatherFrequency=task=1
JobAcctGatherParams=OverMemoryKill
EnforcePartLimits=ALL
SchedulerType=sched/builtin
SchedulerParameters=batch_sched_delay=0,sched_interval=2,sched_min_interval=200000
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU_Memory
# squeue shows a job for this long after its end.
MinJobAge=600
KillWait=2
SlurmctldTimeout=10
SlurmdTimeout=10
ReturnToService=2
# Declare what is asked for here, not what the machine has.
SlurmdParameters=config_overrides
NodeName=n[1-2] NodeHostname=localhost NodeAddr=127.0.0.1 Port=[{first}-{second}] CPUs=2 RealMemory=8000 State=UNKNOWN
PartitionName=main Nodes=n[1-2] Default=YES MaxTime=60 State=UP
"""


def installed():
    """Whether all programs are there, and whether they may be started."""
    return os.geteuid() == 0 and all(shutil.which(name) for name in PROGRAMS)


def free_ports(number, first=16917):
    """The first of so many ports in a row that nobody listens on."""
    for port in range(first, 2**16, number):
        try:
            for place in range(port, port + number):
                with socket.socket() as listener:
                    listener.bind(("127.0.0.1", place))
        except OSError:
            continue
        return port
    raise RuntimeError("no ports are free")


class Slurm:
    """The daemons, whose files are in a folder; to be used in a `with` statement."""

    def __init__(self, folder):
        self.folder, self.port = Path(folder), free_ports(3)
        self.conf = self.folder / "slurm.conf"
        self.environment = os.environ | {"SLURM_CONF": str(self.conf)}
        self.environment["PATH"] = f"{self.folder / 'bin'}:{os.environ['PATH']}"

    def __enter__(self):
        for name in ("state", "n1", "n2", "bin", "munge"):
            (self.folder / name).mkdir(parents=True)
        (self.folder / "munge").chmod(0o700)
        text = CONF.format(folder=self.folder, port=self.port, first=self.port + 1, second=self.port + 2)
        self.conf.write_text(text)
        # The executor's job step drops all SLURM variables before it calls srun.
        srun = self.folder / "bin" / "srun"
        srun.write_text(f'#!/bin/sh\nSLURM_CONF={self.conf} exec {shutil.which("srun")} "$@"\n')
        srun.chmod(0o755)
        key = self.folder / "munge" / "key"
        key.write_bytes(secrets.token_bytes(128))
        key.chmod(0o600)
        files = {name: f"--{name}-file={self.folder}/munge/{name}" for name in ("key", "pid", "log", "seed")}
        try:
            self.daemon("munged", "--force", f"--socket={self.folder}/munge/socket", *files.values())
            self.daemon("slurmctld", "-c")
            for node in ("n1", "n2"):
                self.daemon("slurmd", "-N", node)
            self.wait_for_nodes(2)
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        self.run("scancel", "--state=PENDING,RUNNING", "--user=root", check=False)
        deadline = time.monotonic() + 10
        while self.run("squeue", "-h", "--states=RUNNING,COMPLETING", check=False) and time.monotonic() < deadline:
            time.sleep(0.1)
        for pid_file in ("n1/slurmd.pid", "n2/slurmd.pid", "slurmctld.pid", "munge/pid"):
            self.stop(self.folder / pid_file)
        for process in self.of_jobs():  # linuxproc may lose some
            os.kill(process, signal.SIGKILL)

    def daemon(self, *command):
        """Start a daemon, which binds to the address of the host name: here one that resolves."""
        command = ["unshare", "--uts", "sh", "-c", 'hostname localhost; exec "$@"', "sh", *command]
        subprocess.run(command, env=self.environment, check=True, timeout=20)

    def stop(self, pid_file, how=signal.SIGTERM):
        """Stop a daemon by the number in its file, hard if it does not go."""
        if not pid_file.exists() or not pid_file.read_text().strip():
            return
        pid = int(pid_file.read_text())
        for number in (how, signal.SIGKILL):
            try:
                os.kill(pid, number)
                deadline = time.monotonic() + 5
                while time.monotonic() < deadline and Path(f"/proc/{pid}/stat").read_text().split()[2] != "Z":
                    time.sleep(0.05)
            except (ProcessLookupError, FileNotFoundError):
                return

    def of_jobs(self):
        """Processes of this Slurm's jobs, by the environment that they were given."""
        for path in Path("/proc").glob("[0-9]*/environ"):
            try:
                variables = path.read_bytes().split(b"\0")
            except OSError:
                continue
            ours = f"SLURM_CONF={self.conf}".encode() in variables
            if ours and any(variable.startswith(b"SLURM_JOB_ID=") for variable in variables):
                yield int(path.parent.name)

    def run(self, *command, check=True):
        """What a command prints."""
        done = subprocess.run(command, env=self.environment, capture_output=True, text=True, timeout=30)
        if check and done.returncode:
            raise RuntimeError(f"{' '.join(command)}: {done.stdout}{done.stderr}")
        return done.stdout.strip()

    def wait_for_nodes(self, number):
        """Wait until so many nodes are idle."""
        deadline = time.monotonic() + 20
        while len(self.run("sinfo", "-h", "-N", "-t", "idle", "-o", "%N", check=False).split()) < number:
            if time.monotonic() > deadline:
                logs = [path.read_text()[-2000:] for path in self.folder.rglob("*.log")]
                raise RuntimeError("Slurm did not come up:\n" + "\n".join(logs))
            time.sleep(0.1)

    def jobs(self):
        """All jobs that were submitted, as dicts with id, state, node and the rules in them."""
        lines = self.run("squeue", "-h", "--states=all", "-o", "%i|%T|%N|%k").splitlines()
        return [dict(zip(("id", "state", "node", "rule"), line.split("|"), strict=True)) for line in lines]
