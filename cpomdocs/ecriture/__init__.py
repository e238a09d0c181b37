"""L’écriture : atomique, et qui sait ce qui a été créé, remplacé, laissé ou modifié à la main."""
