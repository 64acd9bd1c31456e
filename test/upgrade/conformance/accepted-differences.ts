/*
 * Where our table says otherwise than the sources it was read from. One reason serves all rows it is true of.
 */
const listed =
  'a list ends with what it lists: our table has no rows of lists, and theirs was marked differently';
const listOfList = 'the marker of the class names the list; our row keeps it, and the class is suggested';

/** Rows of deprecations_upstream.json on which we differ on purpose, by id. */
export const acceptedDifferences: Readonly<Record<string, string>> = {
  'up-autoscaling-v2beta1-horizontalpodautoscalerlist': listed,
  'up-autoscaling-v2beta2-horizontalpodautoscalerlist': listed,
  'up-coordination.k8s.io-v1-leaselist': listed,
  'up-networking.k8s.io-v1-networkpolicylist': listed,
  'up-networking.k8s.io-v1beta1-ingressclasslist': listOfList,
};
