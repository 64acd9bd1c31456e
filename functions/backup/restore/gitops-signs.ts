import type { ScalableWorkload } from '../../clients/kubernetes-scaling.ts';

/** Signs of a tool that keeps a workload as it stands in Git, and so undoes a scale to 0. */

interface GitOpsSign {
  readonly workload: Pick<ScalableWorkload, 'kind' | 'name'>;
  readonly tool: 'Argo CD' | 'Flux';
  /** `likely`: Flux puts a Helm release right only where drift detection is switched on. */
  readonly undoes: 'surely' | 'likely';
  /** What was seen, as the end of a sentence. */
  readonly sign: string;
}

interface Tool extends Pick<GitOpsSign, 'tool' | 'undoes'> {
  readonly names: readonly string[];
  readonly isManager: (manager: string) => boolean;
}

/**
 * Sources: Argo CD documentation, "Resource Tracking" (the label `app.kubernetes.io/instance` is Helm's as well, so it
 * tells nothing); Flux documentation, "Kustomization" and "HelmRelease" (labels of what they made, drift detection).
 */
const TOOLS: readonly Tool[] = [
  {
    tool: 'Argo CD',
    undoes: 'surely',
    names: ['argocd.argoproj.io/tracking-id', 'argocd.argoproj.io/instance'],
    isManager: (manager) => /^argocd-(?:application-)?controller$/.test(manager),
  },
  {
    tool: 'Flux',
    undoes: 'surely',
    names: ['kustomize.toolkit.fluxcd.io/name'],
    isManager: (manager) => ['kustomize-controller', 'flux-client-side-apply'].includes(manager),
  },
  {
    tool: 'Flux',
    undoes: 'likely',
    names: ['helm.toolkit.fluxcd.io/name'],
    isManager: (manager) => manager === 'helm-controller',
  },
];

/** Finds at most one sign a workload: the surest. */
export const findGitOpsSigns = (
  workloads: readonly Pick<ScalableWorkload, 'kind' | 'name' | 'labels' | 'annotations' | 'replicasSetBy'>[],
): readonly GitOpsSign[] =>
  workloads.flatMap(({ kind, name, labels, annotations, replicasSetBy }) => {
    for (const { tool, undoes, names, isManager } of TOOLS) {
      const word = names.find((one) => one in labels || one in annotations);
      const manager = replicasSetBy.find(isManager);
      const sign =
        word === undefined ? manager && `its replicas were set by ${manager}` : `it carries ${word}`;
      if (sign !== undefined) return [{ workload: { kind, name }, tool, undoes, sign }];
    }
    return [];
  });
