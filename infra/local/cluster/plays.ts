/**
 * How a pod of the local cluster can go wrong. The play is chosen by the end of an image's tag
 * (`shop/web:1.4.0-crash`), so pushing such a tag plays a bad release from the push to the rollback, or by the
 * pod annotation `local.drydock.dev/play`. What each looks like follows the kubelet's own status.
 */
export interface Play {
  /** The end of the tag after the last `-`, and the annotation's value. */
  readonly name: string;
  /** What a person would see in `kubectl get pods`. */
  readonly shows: string;
  readonly phase: 'Pending' | 'Running';
  /** The container's status in YAML, indented by two. `$now` is the time, `$restarts` the restart count. */
  readonly containerStatus: string;
  /** Restarts again and again, up to `MOST_RESTARTS`. */
  readonly restarts?: boolean;
}

export const PLAY_ANNOTATION = 'local.drydock.dev/play';

/** Enough for any threshold on restarts; then the pod rests and costs nothing. */
export const MOST_RESTARTS = 6;

const backOff = (exitCode: number, reason: string): string => `
  restartCount: {{ $restarts }}
  state:
    waiting:
      reason: CrashLoopBackOff
      message: "back-off 10s restarting failed container"
  lastState:
    terminated:
      exitCode: ${exitCode}
      reason: ${reason}
      startedAt: {{ $now | Quote }}
      finishedAt: {{ $now | Quote }}`;

const waiting = (reason: string, message: string): string => `
  restartCount: 0
  state:
    waiting:
      reason: ${reason}
      message: ${JSON.stringify(message)}`;

export const PLAYS: readonly Play[] = [
  {
    name: 'crash',
    shows: 'CrashLoopBackOff, exit code 1; its log is that of the crashed container (`--previous`)',
    phase: 'Running',
    containerStatus: backOff(1, 'Error'),
    restarts: true,
  },
  {
    name: 'oom',
    shows: 'CrashLoopBackOff after OOMKilled, exit code 137',
    phase: 'Running',
    containerStatus: backOff(137, 'OOMKilled'),
    restarts: true,
  },
  {
    name: 'unpullable',
    shows: 'ImagePullBackOff',
    phase: 'Pending',
    containerStatus: waiting('ImagePullBackOff', 'Back-off pulling image: manifest unknown'),
  },
  {
    name: 'misconfigured',
    shows: 'CreateContainerConfigError: a Secret that is not there',
    phase: 'Pending',
    containerStatus: waiting('CreateContainerConfigError', 'secret "web-settings" not found'),
  },
  {
    name: 'unready',
    shows: 'Running, never ready',
    phase: 'Running',
    containerStatus: `
  restartCount: 0
  started: true
  state:
    running:
      startedAt: {{ $now | Quote }}`,
  },
];
