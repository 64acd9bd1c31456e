/** Why a backup failed; the same for ever, for whoever filters by it. */
type JobFailureReason =
  | 'ephemeral-storage'
  | 'evicted'
  | 'out-of-memory'
  | 'killed'
  | 'exit'
  | 'deadline'
  | 'unschedulable'
  | 'image-pull'
  | 'container-config'
  | 'container-start'
  | 'not-started'
  | 'disrupted'
  | 'node-lost'
  | 'pod-deleted'
  | 'job-deleted'
  | 'backoff-limit'
  | 'unreachable';

export interface JobFailure {
  readonly reason: JobFailureReason;
  /** What happened, in a sentence, with the words of the scheduler or the kubelet. */
  readonly message: string;
  /** What to do, in a sentence. */
  readonly remedy: string;
}
