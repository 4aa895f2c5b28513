import { digitOfImage } from "@featuremap/images";
import { useState } from "react";
import { Classifier } from "./classifier";

export function App() {
  const [shown, setShown] = useState(true);
  return (
    <main>
      <h1>Which digit is it?</h1>
      <p>Write a digit on paper, and show it to the camera or drop a picture of it.</p>
      {shown && <Classifier model="/model/model.json" prepare={digitOfImage} />}
      <button type="button" onClick={() => setShown(!shown)}>
        {shown ? "Remove the component" : "Show it again"}
      </button>
    </main>
  );
}
