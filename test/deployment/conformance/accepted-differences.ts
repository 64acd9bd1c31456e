/*
 * Why we answer otherwise, or have no such policy. One reason serves all rows it is true of.
 */
const anyTag =
  'no policy takes any tag at all: without a pattern or an order a late event would move a workload back';
const labels = 'a policy is written in drydock.yaml; labels and annotations of a workload are not read';
const leadingHyphen =
  'a tag cannot start with a hyphen, so "-90.29" is no candidate; an extract may be negative';
const buildDate =
  'no policy orders by build date: it costs two requests a tag and says nothing of reproducible builds';
const noPolicy = 'a target that takes no tag is left out of drydock.yaml, or put on hold';
const sameImage = 'whether two tags are one image is asked of the registry, by digest, and not of a policy';
const tagLists = 'there is no list of tags to leave out; "exclude" is a pattern';

/** Rows of the policy table on which we differ on purpose, by id. */
export const acceptedDifferences: Readonly<Record<string, string>> = {
  'keel-force-001': anyTag,
  'keel-force-002': anyTag,
  'keel-force-003': anyTag,
  'keel-force-004': anyTag,
  'keel-force-006': anyTag,
  'keel-force-009': anyTag,
  'keel-force-011': anyTag,
  'keel-force-015': anyTag,
  'keel-force-019': anyTag,
  'keel-parse-001': labels,
  'keel-parse-004': labels,
  'keel-parse-005': labels,
  'keel-parse-006': labels,
  'keel-parse-009': labels,
  'flux-numerical-008': leadingHyphen,
  'argo-latest-010': buildDate,
  'argo-match-008': noPolicy,
  'argo-order-003': buildDate,
  'argo-order-004': buildDate,
  'argo-equal-001': sameImage,
  'argo-equal-002': sameImage,
  'argo-equal-004': sameImage,
  'argo-equal-005': sameImage,
  'argo-equal-006': sameImage,
  'kargo-tags-002': tagLists,
};
