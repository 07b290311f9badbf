// Where each row of a long list is, although only those that were shown have been measured: all others
// have the estimated height. Every question costs O(log n) (a Fenwick tree of what differs from the
// estimate). Pure.

export class Heights {
  private readonly measured = new Map<number, number>();
  private tree = new Float64Array(1025);
  private rows = 0;

  constructor(private readonly estimate: number) {}

  get count(): number {
    return this.rows;
  }

  set count(rows: number) {
    for (let index = rows; index < this.rows; index += 1) {
      if (this.measured.has(index)) this.set(index, this.estimate);
      this.measured.delete(index);
    }
    this.rows = rows;
    if (rows < this.tree.length) return;
    const capacity = 2 ** Math.ceil(Math.log2(rows + 1));
    this.tree = new Float64Array(capacity + 1);
    for (const [index, height] of this.measured) this.add(index, height - this.estimate);
  }

  get total(): number {
    return this.offset(this.rows);
  }

  height(index: number): number {
    return this.measured.get(index) ?? this.estimate;
  }

  /** A row was measured. Gives whether that is news. */
  set(index: number, height: number): boolean {
    const before = this.height(index);
    this.measured.set(index, height);
    if (before === height) return false;
    this.add(index, height - before);
    return true;
  }

  /** All that was measured means nothing any more: the list is wider or narrower. */
  clear(): void {
    this.measured.clear();
    this.tree.fill(0);
  }

  /** Where the row begins; offset(count) is where the list ends. */
  offset(index: number): number {
    let sum = 0;
    for (let i = index; i > 0; i -= i & -i) sum += this.tree[i] ?? 0;
    return index * this.estimate + sum;
  }

  /** The row at this place: the first one above the list, the last one below it. */
  indexAt(place: number): number {
    let index = 0;
    let rest = place;
    for (let step = 2 ** Math.floor(Math.log2(this.tree.length)); step >= 1; step /= 2) {
      const next = index + step;
      if (next > this.rows || next >= this.tree.length) continue;
      const height = step * this.estimate + (this.tree[next] ?? 0);
      if (height > rest) continue;
      index = next;
      rest -= height;
    }
    return Math.max(0, Math.min(index, this.rows - 1));
  }

  private add(index: number, difference: number): void {
    for (let i = index + 1; i < this.tree.length; i += i & -i) this.tree[i] = (this.tree[i] ?? 0) + difference;
  }
}
