import { describeWorkload, type TemplateContainer, type Workload } from '../records/workload.ts';

/** A tool that will put its own image back, or fail, once somebody else has changed it. */
interface Owner {
  readonly code: 'owner.helm' | 'owner.argocd' | 'owner.flux';
  readonly name: string;
  /** Does this manager name, as it stands in managedFields, belong to it? */
  readonly isManager: (manager: string) => boolean;
  /** What follows when we write the field all the same. */
  readonly consequence: string;
}

/** Adding a tool is adding a row. The names are those that the tools give to the API server. */
const OWNERS: readonly Owner[] = [
  {
    code: 'owner.flux',
    name: 'Flux',
    isManager: (manager) =>
      ['kustomize-controller', 'helm-controller', 'flux-client-side-apply'].includes(manager),
    consequence: 'Flux puts the image of its source back at its next reconciliation',
  },
  {
    code: 'owner.argocd',
    name: 'Argo CD',
    isManager: (manager) => /^argocd-(?:application-)?controller$/.test(manager),
    consequence:
      'Argo CD reports the application as out of sync and, with self-heal, puts its own image back',
  },
  {
    code: 'owner.helm',
    name: 'Helm',
    isManager: (manager) => manager === 'helm' || manager.startsWith('terraform-provider-helm'),
    consequence:
      'every later `helm upgrade` of that release fails with a conflict on the image, also for unrelated values, ' +
      'until it is run with --force-conflicts, which puts the image of the chart back',
  },
];

export type OwnerVerdict =
  | { readonly ok: true; readonly consequence?: string }
  | { readonly ok: false; readonly code: Owner['code']; readonly reason: string };

/**
 * Who set a container's image, as the API server noted it in `metadata.managedFields`; several when they agreed on
 * the same value by server-side apply. Empty when nobody is noted.
 */
export const findImageOwners = (workload: Workload, container: TemplateContainer): readonly string[] => {
  const path = [...templateFields(workload), ...containerFields(container), 'f:image'];
  const owners = workload.managedFields
    .filter(({ subresource, fields }) => !subresource && hasField(fields, path))
    .map(({ manager }) => manager);
  return [...new Set(owners)];
};

/**
 * May Drydock change this image? Not when Helm, Argo CD or Flux owns the field, unless the target says
 * `takeOwnership`; then the consequence is told. `kubectl`, Drydock itself and all others may be followed.
 */
export const judgeImageOwner = (
  workload: Workload,
  container: TemplateContainer,
  takeOwnership: boolean,
): OwnerVerdict => {
  const managers = findImageOwners(workload, container);
  const owner = OWNERS.find(({ isManager }) => managers.some(isManager));
  if (!owner) return { ok: true };
  const consequence = `${owner.name} owns this image: ${owner.consequence}.`;
  if (takeOwnership) return { ok: true, consequence };
  const manager = managers.find(owner.isManager);
  return {
    ok: false,
    code: owner.code,
    reason:
      `the image of container ${container.name} in ${describeWorkload(workload.ref)} is owned by ${owner.name} ` +
      `(field manager ${manager}): change it there. With \`takeOwnership: true\` Drydock writes it all the same; ` +
      `then ${owner.consequence}`,
  };
};

const templateFields = ({ ref }: Workload): readonly string[] =>
  ref.kind === 'CronJob'
    ? ['f:spec', 'f:jobTemplate', 'f:spec', 'f:template', 'f:spec']
    : ['f:spec', 'f:template', 'f:spec'];

/** The key of a list item is canonical JSON of its merge key: https://kubernetes.io/docs/reference/using-api/server-side-apply/ */
const containerFields = ({ init, name }: TemplateContainer): readonly string[] => [
  init ? 'f:initContainers' : 'f:containers',
  `k:${JSON.stringify({ name })}`,
];

const hasField = (fields: unknown, path: readonly string[]): boolean => {
  let node = fields;
  for (const key of path) {
    if (typeof node !== 'object' || node === null || !Object.hasOwn(node, key)) return false;
    node = (node as Readonly<Record<string, unknown>>)[key];
  }
  return true;
};
