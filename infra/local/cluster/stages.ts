import { MOST_RESTARTS, PLAY_ANNOTATION, PLAYS, type Play } from './plays.ts';

/** kwok's Stage: which objects it takes, after how long, and what their status becomes. */
export interface Stage {
  readonly apiVersion: 'kwok.x-k8s.io/v1alpha1';
  readonly kind: 'Stage';
  readonly metadata: { readonly name: string };
  readonly spec: Readonly<Record<string, unknown>>;
}

/** `-slow`: ready, but later than any other pod. */
export const SLOW_MS = 5_000;

/** How often a crashing container is started anew; the kubelet's back-off begins at 10 s, ours is for tests. */
const RESTART_MS = 500;

/**
 * The stages of nodes and pods: every node is ready, every pod becomes ready at once, jobs complete, and a pod
 * whose image or annotation names a play goes wrong in that way.
 *
 * Format and template functions: https://kwok.sigs.k8s.io/docs/user/stages-configuration/
 */
export const buildStages = (): Stage[] => [
  readyNode,
  readyPod(
    'pod-ready',
    { key: PLAY, operator: 'NotIn', values: [...PLAYS.map((play) => play.name), 'slow'] },
    0,
  ),
  readyPod('pod-ready-slowly', { key: PLAY, operator: 'In', values: ['slow'] }, SLOW_MS),
  ...PLAYS.flatMap((play) => [failPod(play), ...(play.restarts ? [restartPod(play)] : [])]),
  completeJobPod,
  deletePod,
];

const NAMES = [...PLAYS.map((play) => play.name), 'slow'].join('|');

/** Between a tag's colon and its end; a pinned image goes on with `@sha256:...`. */
const tagPattern = (names: string): string => `:[^/@]*-(?<play>${names})(@|$)`;

/** jq: the annotation, else the first container whose tag names a play, else `none`. */
const PLAY =
  `.metadata.annotations["${PLAY_ANNOTATION}"] // ` +
  `([.spec.containers[].image | capture("${tagPattern(NAMES)}") | .play] | first) // "none"`;

interface Requirement {
  readonly key: string;
  readonly operator: 'In' | 'NotIn' | 'Exists' | 'DoesNotExist';
  readonly values?: readonly string[];
}

const stage = (
  name: string,
  kind: 'Node' | 'Pod',
  matchExpressions: readonly Requirement[],
  next: Readonly<Record<string, unknown>>,
  delayMs = 0,
): Stage => ({
  apiVersion: 'kwok.x-k8s.io/v1alpha1',
  kind: 'Stage',
  metadata: { name },
  spec: {
    resourceRef: { apiGroup: 'v1', kind },
    selector: { matchExpressions },
    ...(delayMs > 0 ? { delay: { durationMilliseconds: delayMs } } : {}),
    next,
  },
});

const NOT_DELETED: Requirement = { key: '.metadata.deletionTimestamp', operator: 'DoesNotExist' };
const NOT_STARTED: Requirement = { key: '.status.startTime', operator: 'DoesNotExist' };

/** A digest when the image is pinned, as a runtime reports it; else an image id that names no repository. */
const IMAGE_ID =
  '{{ if contains "@" .image }}{{ regexReplaceAll ":[^/@:]+@" .image "@" | Quote }}' +
  '{{ else }}{{ printf "sha256:%s" (sha256sum .image) | Quote }}{{ end }}';

const IDENTITY = `- name: {{ .name | Quote }}
  image: {{ .image | Quote }}
  imageID: ${IMAGE_ID}
  containerID: {{ printf "containerd://%s" (sha256sum (printf "%s/%s" $.metadata.uid .name)) | Quote }}`;

const RUNNING = `
  ready: true
  started: true
  restartCount: 0
  state:
    running:
      startedAt: {{ $now | Quote }}`;

const condition = (type: string, status: 'True' | 'False', reason?: string): string => `
- type: ${type}
  status: "${status}"
  lastTransitionTime: {{ $now | Quote }}${reason ? `\n  reason: ${reason}` : ''}`;

const ADDRESSES = `
{{ with NodeIPsWith .spec.nodeName }}
hostIP: {{ index . 0 | Quote }}
{{ end }}
{{ with PodIPsWith .spec.nodeName (or .spec.hostNetwork false) (or .metadata.uid "") (or .metadata.name "") (or .metadata.namespace "") }}
podIP: {{ index . 0 | Quote }}
podIPs:
{{ range . }}
- ip: {{ . | Quote }}
{{ end }}
{{ end }}
startTime: {{ $now | Quote }}`;

const readyPod = (name: string, play: Requirement, delayMs: number): Stage =>
  stage(
    name,
    'Pod',
    [NOT_DELETED, NOT_STARTED, play],
    {
      statusTemplate: `{{ $now := Now }}
phase: Running
conditions:${condition('Initialized', 'True')}${condition('Ready', 'True')}${condition('ContainersReady', 'True')}
{{ range .spec.readinessGates }}
- type: {{ .conditionType | Quote }}
  status: "True"
  lastTransitionTime: {{ $now | Quote }}
{{ end }}
containerStatuses:
{{ range .spec.containers }}
${IDENTITY}${RUNNING}
{{ end }}
initContainerStatuses:
{{ range .spec.initContainers }}
${IDENTITY}
  ready: true
  restartCount: 0
  state:
    terminated:
      exitCode: 0
      reason: Completed
      startedAt: {{ $now | Quote }}
      finishedAt: {{ $now | Quote }}
{{ end }}
${ADDRESSES}`,
    },
    delayMs,
  );

/** Only the container whose tag names the play goes wrong; by annotation, all of them do. */
const failingStatus = (play: Play, restarts: string, addresses: string): string => `{{ $now := Now }}
{{ $restarts := ${restarts} }}
{{ $all := eq (index (or .metadata.annotations dict) "${PLAY_ANNOTATION}" | default "") "${play.name}" }}
phase: ${play.phase}
conditions:${condition('Initialized', 'True')}${condition('Ready', 'False', 'ContainersNotReady')}${condition('ContainersReady', 'False', 'ContainersNotReady')}
containerStatuses:
{{ range .spec.containers }}
${IDENTITY}
{{ if or $all (regexMatch "${tagPattern(play.name).replace('?<play>', '')}" .image) }}
  ready: false${play.containerStatus}
{{ else }}${RUNNING}
{{ end }}
{{ end }}
${addresses}`;

const failPod = (play: Play): Stage =>
  stage(
    `pod-${play.name}`,
    'Pod',
    [NOT_DELETED, NOT_STARTED, { key: PLAY, operator: 'In', values: [play.name] }],
    { statusTemplate: failingStatus(play, '1', ADDRESSES) },
  );

const RESTARTS = '[.status.containerStatuses[]?.restartCount] | max';

const restartPod = (play: Play): Stage =>
  stage(
    `pod-${play.name}-again`,
    'Pod',
    [
      NOT_DELETED,
      { key: PLAY, operator: 'In', values: [play.name] },
      {
        key: `${RESTARTS} | if . != null and . >= 1 and . < ${MOST_RESTARTS} then "yes" else "no" end`,
        operator: 'In',
        values: ['yes'],
      },
    ],
    { statusTemplate: failingStatus(play, countRestarts, '') },
    RESTART_MS,
  );

/** The failing container's count is the largest, because the others never restart. */
const countRestarts =
  '0 }}{{ range .status.containerStatuses }}{{ $restarts = max $restarts (add 1 .restartCount) }}{{ end }}{{ $restarts = $restarts';

const completeJobPod: Stage = stage(
  'pod-complete',
  'Pod',
  [
    NOT_DELETED,
    { key: '.status.phase', operator: 'In', values: ['Running'] },
    { key: '.metadata.ownerReferences.[].kind', operator: 'In', values: ['Job'] },
    { key: PLAY, operator: 'In', values: ['none', 'slow'] },
  ],
  {
    statusTemplate: `{{ $now := Now }}
phase: Succeeded
containerStatuses:
{{ range .spec.containers }}
${IDENTITY}
  ready: false
  started: false
  restartCount: 0
  state:
    terminated:
      exitCode: 0
      reason: Completed
      startedAt: {{ $now | Quote }}
      finishedAt: {{ $now | Quote }}
{{ end }}`,
  },
);

const deletePod: Stage = stage(
  'pod-delete',
  'Pod',
  [{ key: '.metadata.deletionTimestamp', operator: 'Exists' }],
  { delete: true },
);

const readyNode: Stage = stage(
  'node-ready',
  'Node',
  [
    {
      key: '.status.conditions.[] | select(.type == "Ready") | .status',
      operator: 'NotIn',
      values: ['True'],
    },
  ],
  {
    statusTemplate: `{{ $now := Now }}
phase: Running
conditions:
{{ range NodeConditions }}
- type: {{ .type | Quote }}
  status: {{ .status | Quote }}
  reason: {{ .reason | Quote }}
  message: {{ .message | Quote }}
  lastHeartbeatTime: {{ $now | Quote }}
  lastTransitionTime: {{ $now | Quote }}
{{ end }}
addresses:
- type: InternalIP
  address: {{ NodeIP | Quote }}
- type: Hostname
  address: {{ .metadata.name | Quote }}
nodeInfo:
  kubeletVersion: v1.36.3
  containerRuntimeVersion: containerd://2.1.5
  operatingSystem: linux
  architecture: amd64
daemonEndpoints:
  kubeletEndpoint:
    Port: {{ NodePort }}`,
  },
);
