export default {
  title: 'optimizer switches off',
  result: 'Works as with the defaults.',
  options: ['--optimizer-switch=index_merge=off,index_condition_pushdown=off,derived_merge=off,materialization=off,semijoin=off,mrr=on,mrr_cost_based=off,extended_keys=off', '--optimizer-search-depth=0', '--join-cache-level=0'],
};
