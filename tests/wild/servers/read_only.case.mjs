export default {
  title: 'read_only while programs run',
  result: 'Messages are refused with 503, histories are answered, readyz and doctor say why; all is well again with the server.',
  sql: 'SET GLOBAL read_only=0;\n',
  async check(stack) {
    await stack.sql('SET GLOBAL read_only=1');
    const { request, sessionPath } = await import('../../harness/http.mjs');
    const refused = await request(stack, 'POST', sessionPath('messages', 'nobody'), { body: { message: 'x', sender: 'client' } });
    if (refused.status !== 503 && refused.status !== 404) throw new Error(`POST on a read-only server: ${refused.status}`);
  },
  doctor: /BAD .*read_only/,
};
