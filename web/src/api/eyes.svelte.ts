// Looking at one's own photos through other eyes, to see what they see.
import { lookAs } from './client';

class Eyes {
  /** As `X-View-As` has it; null: one's own. */
  of = $state<string | null>(null);
  /** What whoever they are is called. */
  name = $state('');

  borrow(of: string, name: string): void {
    this.of = of;
    this.name = name;
    lookAs(of);
  }

  giveBack(): void {
    this.of = null;
    lookAs(null);
  }
}

export const eyes = new Eyes();
