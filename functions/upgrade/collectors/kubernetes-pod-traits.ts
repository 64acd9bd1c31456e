import * as z from 'zod';
import type { WorkloadFact } from '../../records/upgrade/kubernetes-facts.ts';
import { listOf, Metadata, part, text } from './kubernetes-object.ts';

const Container = z.object({ image: text, readinessProbe: z.looseObject({}).nullish() });
const Terms = listOf(z.unknown());

const podSpec = {
  containers: listOf(Container),
  initContainers: listOf(Container),
  volumes: listOf(
    z.object({ name: text, gitRepo: z.looseObject({}).nullish(), hostPath: part({ path: text }) }),
  ),
  terminationGracePeriodSeconds: z.int().nullish(),
  topologySpreadConstraints: Terms,
  affinity: part({
    podAntiAffinity: part({
      requiredDuringSchedulingIgnoredDuringExecution: Terms,
      preferredDuringSchedulingIgnoredDuringExecution: Terms,
    }),
  }),
};

/** What is read of a pod, and of what has a template of one: nothing of the one is called as something of the other. */
export const podSpecWith = <Shape extends z.core.$ZodLooseShape>(others: Shape) =>
  part({ ...podSpec, ...others });
export const PodTemplate = part({ metadata: Metadata, spec: part(podSpec) });

/** The annotation of before 1.30, one a container. */
const APPARMOR = 'container.apparmor.security.beta.kubernetes.io/';
/** Sockets of container runtimes that nodes no longer have: dockershim went with 1.24. */
const DOCKER_SOCKETS: ReadonlySet<string> = new Set([
  '/var/run/docker.sock',
  '/run/docker.sock',
  '/var/run/dockershim.sock',
  '/run/dockershim.sock',
]);
/** Annotations by which Karpenter lets a pod's node stand; the second before v1beta1. */
const DO_NOT_DISRUPT = ['karpenter.sh/do-not-disrupt', 'karpenter.sh/do-not-evict'];

export type PodTraits = Omit<
  WorkloadFact,
  'kind' | 'namespace' | 'name' | 'replicas' | 'ready' | 'minReadySeconds'
>;

/** The traits of a pod template that checks ask for. */
export const foldPodTemplate = ({ metadata, spec }: z.output<typeof PodTemplate>): PodTraits => {
  const { annotations, labels } = metadata;
  const { containers, initContainers, volumes, terminationGracePeriodSeconds: graceSeconds } = spec;
  const antiAffinity = spec.affinity.podAntiAffinity;
  return {
    podLabels: labels,
    images: [...new Set([...initContainers, ...containers].map(({ image }) => image))],
    gitRepoVolumes: volumes.filter(({ gitRepo }) => gitRepo).map(({ name }) => name),
    appArmorAnnotation: Object.keys(annotations).some((key) => key.startsWith(APPARMOR)),
    dockerSocket: volumes.some(({ hostPath }) => DOCKER_SOCKETS.has(hostPath.path)),
    doNotDisrupt: DO_NOT_DISRUPT.some((key) => annotations[key] === 'true'),
    readinessProbes: containers.length > 0 && containers.every(({ readinessProbe }) => readinessProbe),
    ...(typeof graceSeconds === 'number' ? { graceSeconds } : {}),
    spread:
      spec.topologySpreadConstraints.length > 0 ||
      antiAffinity.requiredDuringSchedulingIgnoredDuringExecution.length > 0 ||
      antiAffinity.preferredDuringSchedulingIgnoredDuringExecution.length > 0,
  };
};
