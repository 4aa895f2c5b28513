import { type DragEvent, useState } from "react";

/** A place to drop a picture, which is also a button to choose one or, on a phone, to take one. */
export function DropZone({ onPicture }: { onPicture: (file: File) => void }) {
  const [over, setOver] = useState(false);

  function drop(event: DragEvent) {
    event.preventDefault();
    setOver(false);
    const [file] = event.dataTransfer.files;
    if (file !== undefined) onPicture(file);
  }

  return (
    <label
      className={over ? "drop-zone over" : "drop-zone"}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={drop}
    >
      Drop a picture, or choose one
      <input
        type="file"
        accept="image/*"
        onChange={({ target }) => {
          const [file] = target.files ?? [];
          if (file !== undefined) onPicture(file);
          // So that the same file can be chosen again.
          target.value = "";
        }}
      />
    </label>
  );
}
