import type {
  Autoscaler,
  ChangeAnswer,
  KubernetesScaling,
  ReadObject,
  ScalableWorkload,
  ScheduledWork,
} from '../../functions/clients/kubernetes-scaling.ts';

/** What runs in a namespace, in memory. Pods follow the number of replicas at once. */
export interface FakeKubernetesScaling extends KubernetesScaling {
  /** Changes that were really made, in order: `scale web 0`. */
  readonly made: readonly string[];
  putWorkload(workload: ScalableWorkload): void;
  putAutoscaler(autoscaler: Autoscaler): void;
  putCronJob(cronJob: ScheduledWork): void;
}

export const createFakeKubernetesScaling = (): FakeKubernetesScaling => {
  const workloads = new Map<string, ScalableWorkload>();
  const autoscalers = new Map<string, Autoscaler>();
  const cronJobs = new Map<string, ScheduledWork>();
  const made: string[] = [];

  const keyOf = ({
    kind = '',
    namespace,
    name,
  }: Omit<ReadObject, 'uid'> & { readonly kind?: string }): string => `${kind} ${namespace}/${name}`;
  const inside = <T extends ReadObject>(all: ReadonlyMap<string, T>, namespace: string): readonly T[] =>
    [...all.values()].filter((one) => one.namespace === namespace);

  const change = <T extends ReadObject>(
    all: Map<string, T>,
    key: string,
    uid: string,
    what: string,
    apply: (one: T) => T,
  ): ChangeAnswer => {
    const present = all.get(key);
    if (present?.uid !== uid || present === undefined) return 'gone';
    all.set(key, apply(present));
    made.push(what);
    return 'changed';
  };

  return {
    made,
    putWorkload: (workload) => void workloads.set(keyOf(workload), workload),
    putAutoscaler: (autoscaler) => void autoscalers.set(keyOf(autoscaler), autoscaler),
    putCronJob: (cronJob) => void cronJobs.set(keyOf(cronJob), cronJob),
    listWorkloads: async (namespace) => inside(workloads, namespace),
    listAutoscalers: async (namespace) => inside(autoscalers, namespace),
    listCronJobs: async (namespace) => inside(cronJobs, namespace),
    scale: async (ref, replicas) =>
      change(workloads, keyOf(ref), ref.uid, `scale ${ref.name} ${replicas}`, (one) => ({
        ...one,
        replicas,
        pods: replicas,
        isSettled: true,
      })),
    restart: async (ref, cause) =>
      change(workloads, keyOf(ref), ref.uid, `restart ${ref.name} ${cause}`, (one) => ({
        ...one,
        restartedFor: cause,
      })),
    suspendCronJob: async ({ namespace, name, uid }, suspended) =>
      change(
        cronJobs,
        keyOf({ namespace, name }),
        uid,
        `${suspended ? 'suspend' : 'resume'} ${name}`,
        (one) => ({ ...one, suspended }),
      ),
    annotateScaledObject: async ({ namespace, name, uid }, annotation, value) =>
      change(
        autoscalers,
        keyOf({ kind: 'ScaledObject', namespace, name }),
        uid,
        `annotate ${name} ${value ?? 'not'}`,
        (one) => ({
          ...one,
          annotations: Object.fromEntries(
            Object.entries({ ...one.annotations, [annotation]: value }).flatMap(([key, text]) =>
              text === undefined ? [] : [[key, text]],
            ),
          ),
        }),
      ),
  };
};
