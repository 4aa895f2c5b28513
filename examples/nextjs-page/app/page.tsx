import { DigitReader } from "./digit-reader";

export default function Page() {
  return (
    <main>
      <h1>Draw a digit</h1>
      <DigitReader model="/model/model.json" />
    </main>
  );
}
